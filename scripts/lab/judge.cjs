"use strict";
// The process that judges: it runs the lab's own judge on what the grader got from a submission, and
// nothing of the submission itself. It has walls as well, and may be replaced when it does not answer.
//   node judge.cjs LIBRARY JUDGE
const { rebuild } = require("./rebuild.cjs");
const { receive, send } = require("./walls/wire.cjs");

const [library, module_] = process.argv.slice(2);
const starlit = require(library);
const lab = require(module_);

let items;
let dialogue;

const operations = {
  /** `kept`: what the lab's data keep for the judge. */
  load({ kept }) {
    items = lab.items({ starlit, kept, rebuild: (made) => rebuild(starlit.tf, made) });
  },
  /** Begins an item: what shall be done first? */
  begin({ item, seed }) {
    starlit.seedEverything(seed);
    dialogue = items[item](seed);
    return dialogue.next();
  },
  /** Goes on with what came of it. */
  next: ({ answer }) => dialogue.next(answer),
};

async function main() {
  for (let message = receive(); message; message = receive()) {
    try {
      send({ ok: true, value: await operations[message.operation](message) });
    } catch (error) {
      send({ ok: false, error: { name: error.name, message: error.message.slice(0, 1000) } });
    }
  }
  process.exit(0);
}
void main();
