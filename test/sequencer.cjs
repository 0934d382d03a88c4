// In which order the test files run: the longest first, so that none of them is left alone at the end.
// Jest knows by itself only how long they took here before.
const { default: Sequencer } = require("@jest/test-sequencer");

/** Minutes each, the longest first. */
const longest = [
  "lab.adversary",
  "kernel.test",
  "browser.lab",
  "kernel.cells",
  "studies.attention.test",
  "models.linear",
  "lab.walls",
  "lab.judge",
];

module.exports = class extends Sequencer {
  /**
   * @override
   * @param {import("@jest/test-result").Test[]} tests
   */
  async sort(tests) {
    const rank = ({ path }) => {
      const place = longest.findIndex((name) => path.includes(`/test/${name}`));
      return place < 0 ? longest.length : place;
    };
    const sorted = await super.sort(tests);
    return sorted.sort((a, b) => rank(a) - rank(b));
  }
};
