"use strict";
// Compiles cells as the notebooks' kernel does. A process of its own, so that types that take for
// ever to check can be given up. Nothing of a submission runs here.
const path = require("node:path");

const tslab = path.dirname(require.resolve("tslab/package.json"));
const { createConverter } = require(path.join(tslab, "dist/converter.js"));
const converter = createConverter({ isJS: false, isBrowser: false });

process.on("message", ({ declarations, source }) => {
  const { diagnostics, output, declOutput, hasToplevelAwait } = converter.convert(
    declarations,
    source,
  );
  process.send({
    problems: diagnostics.map(({ start, messageText }) => ({
      line: start.line,
      text: messageText,
    })),
    code: output ?? "",
    awaits: Boolean(hasToplevelAwait),
    declarations: declOutput ?? "",
  });
});
process.on("disconnect", () => process.exit(0));
