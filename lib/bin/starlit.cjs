#!/usr/bin/env node
const fs = require("node:fs");
const path = require("node:path");

const cli = path.join(__dirname, "../dist/cli.js");
if (fs.existsSync(cli)) {
  void require(cli).main(process.argv);
} else {
  console.error("The library is not compiled yet: run npm run setup.");
  process.exitCode = 1;
}
