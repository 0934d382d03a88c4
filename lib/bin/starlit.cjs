#!/usr/bin/env node
const fs = require("node:fs");
const path = require("node:path");

const cli = path.join(__dirname, "../dist/cli.js");
if (fs.existsSync(cli)) {
  try {
    void require(cli).main(process.argv);
  } catch (error) {
    // The library refuses an environment that it does not understand while it loads.
    if (error?.name !== "StarlitError") throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
} else {
  console.error("The library is not compiled yet: run npm run setup.");
  process.exitCode = 1;
}
