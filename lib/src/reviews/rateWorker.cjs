// A thread that rates: it gets lists of texts and answers with lists of what the rater says.
const { parentPort, workerData } = require("node:worker_threads");
const { open } = require("./player.cjs");

const rater = open(workerData);
parentPort?.on("message", (/** @type {string[]} */ texts) => {
  parentPort?.postMessage(texts.map((text) => rater.rate(text)));
});
