// The drawn pictures of the notebooks: `node scripts/pictures/pictures.mjs` writes them to notebooks/pictures.
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { Picture } from "./draw.mjs";

const range = (count) => Array.from({ length: count }, (_, i) => i);

/** Name of the file, title, what is to be seen, and the picture. */
export const pictures = {
  "lstm-cell": {
    title: "An LSTM cell",
    description:
      "Word vector and state before go into four small layers: forget gate, input gate, candidate and " +
      "output gate. The memory before times the forget gate, plus the candidate times the input gate, " +
      "is the new memory; its tanh times the output gate is the new state.",
    draw() {
      const p = new Picture(720, 330);
      p.box(120, 30, 470, 270, "", { kind: "box", round: 14 });
      // memory
      p.text(60, 75, "cₜ₋₁", { kind: "math strong" }).text(60, 93, "memory", { kind: "small" });
      p.arrow(
        [
          [90, 72],
          [184, 72],
        ],
        { kind: "blue thick" },
      );
      p.circle(200, 72, "×");
      p.arrow(
        [
          [214, 72],
          [336, 72],
        ],
        { kind: "blue thick" },
      );
      p.circle(350, 72, "+");
      p.arrow(
        [
          [364, 72],
          [630, 72],
        ],
        { kind: "blue thick" },
      );
      p.text(660, 75, "cₜ", { kind: "math strong" }).text(660, 93, "memory", { kind: "small" });
      // gates
      const gate = (x, words, under) =>
        p.box(x - 42, 205, 84, 34, words, { kind: "gate" }).text(x, 256, under, { kind: "small" });
      gate(200, "σ   f", "forget gate");
      gate(300, "σ   i", "input gate");
      gate(400, "tanh   g", "candidate");
      gate(500, "σ   o", "output gate");
      p.arrow([
        [200, 205],
        [200, 87],
      ]);
      p.circle(350, 140, "×").arrow([
        [350, 126],
        [350, 87],
      ]);
      p.arrow([
        [300, 205],
        [300, 140],
        [335, 140],
      ]);
      p.arrow([
        [400, 205],
        [400, 140],
        [365, 140],
      ]);
      // output
      p.line(
        [
          [500, 72],
          [540, 72],
        ],
        { kind: "blue thick" },
      );
      p.arrow([
        [540, 72],
        [540, 102],
      ]);
      p.box(512, 102, 56, 26, "tanh", { kind: "state" });
      p.arrow([
        [540, 128],
        [540, 156],
      ]);
      p.circle(540, 171, "×");
      p.arrow([
        [500, 205],
        [500, 171],
        [525, 171],
      ]);
      p.arrow([
        [555, 171],
        [630, 171],
      ]);
      p.text(660, 175, "hₜ", { kind: "math strong" }).text(660, 193, "state", { kind: "small" });
      // inputs
      p.text(60, 275, "hₜ₋₁", { kind: "math strong" }).text(60, 292, "state", { kind: "small" });
      p.text(350, 322, "xₜ, the vector of word t", { kind: "small" });
      p.line([
        [90, 280],
        [500, 280],
      ]).line([
        [350, 308],
        [350, 280],
      ]);
      for (const x of [200, 300, 400, 500])
        p.arrow([
          [x, 280],
          [x, 264],
        ]);
      return p;
    },
  },

  "gru-cell": {
    title: "A GRU cell",
    description:
      "A GRU has no memory beside its state. The reset gate says how much of the state the candidate sees, " +
      "the update gate how much of the state stays: the new state is the old one times the update gate plus " +
      "the candidate times one minus the update gate.",
    draw() {
      const p = new Picture(720, 330);
      p.box(120, 30, 470, 270, "", { kind: "box", round: 14 });
      p.text(60, 75, "hₜ₋₁", { kind: "math strong" }).text(60, 93, "state", { kind: "small" });
      p.arrow(
        [
          [90, 72],
          [184, 72],
        ],
        { kind: "blue thick" },
      );
      p.circle(200, 72, "×");
      p.arrow(
        [
          [214, 72],
          [506, 72],
        ],
        { kind: "blue thick" },
      );
      p.circle(520, 72, "+");
      p.arrow(
        [
          [534, 72],
          [630, 72],
        ],
        { kind: "blue thick" },
      );
      p.text(660, 75, "hₜ", { kind: "math strong" }).text(660, 93, "state", { kind: "small" });
      const gate = (x, words, under) =>
        p.box(x - 42, 195, 84, 34, words, { kind: "gate" }).text(x, 248, under, { kind: "small" });
      gate(200, "σ   z", "update gate\nreads hₜ₋₁ and xₜ");
      gate(350, "σ   r", "reset gate\nreads hₜ₋₁ and xₜ");
      gate(520, "tanh   g", "candidate\nreads r hₜ₋₁ and xₜ");
      p.arrow([
        [200, 195],
        [200, 87],
      ]).text(210, 118, "z", { kind: "math", anchor: "start" });
      p.arrow([
        [200, 150],
        [505, 150],
      ]).text(350, 142, "1 − z", { kind: "small" });
      p.circle(520, 150, "×")
        .arrow([
          [520, 135],
          [520, 87],
        ])
        .arrow([
          [520, 195],
          [520, 165],
        ]);
      p.circle(430, 212, "×")
        .arrow([
          [392, 212],
          [415, 212],
        ])
        .arrow([
          [445, 212],
          [477, 212],
        ]);
      p.arrow([
        [430, 255],
        [430, 228],
      ]).text(430, 272, "hₜ₋₁", { kind: "math small" });
      p.text(350, 318, "xₜ is the vector of word t", { kind: "small" });
      return p;
    },
  },

  "many-to-one": {
    title: "Many to one: a network reads a review word by word",
    description:
      "Each word becomes a vector; the same cell reads one vector after the other and hands its state on; " +
      "the last state goes through a dense layer that says the rating.",
    draw() {
      const p = new Picture(720, 250);
      const words = ["the", "fabric", "feels", "very", "cheap"];
      words.forEach((word, i) => {
        const x = 60 + i * 105;
        p.box(x, 195, 84, 30, word, { kind: "word" });
        p.arrow([
          [x + 42, 195],
          [x + 42, 167],
        ]);
        p.box(x + 12, 137, 60, 28, "vector", { text: "small" });
        p.arrow([
          [x + 42, 137],
          [x + 42, 109],
        ]);
        p.box(x, 73, 84, 34, "cell", { kind: "state" });
        if (i > 0)
          p.arrow(
            [
              [x - 21, 90],
              [x, 90],
            ],
            { kind: "blue thick" },
          );
        p.text(x + 42, 62, `h${"₁₂₃₄₅"[i]}`, { kind: "math small" });
      });
      p.arrow(
        [
          [564, 90],
          [594, 90],
        ],
        { kind: "blue thick" },
      );
      p.box(596, 73, 62, 34, "dense", { kind: "gate" });
      p.arrow([
        [627, 73],
        [627, 52],
      ]);
      p.text(627, 42, "2 of 5 stars", { kind: "strong" });
      p.text(300, 32, "the same cell, with the same weights, at every word", { kind: "small" });
      return p;
    },
  },

  "padding-and-mask": {
    title: "Padding, and what a mask does",
    description:
      "A short review is filled up with padding. Without a mask the cell goes on through the padding and its " +
      "last state has forgotten the words. With a mask the state stays as it was after the last word.",
    draw() {
      const p = new Picture(720, 290);
      const words = ["not", "my", "size", "PAD", "PAD", "PAD"];
      const row = (y, title, masked) => {
        p.text(30, y - 12, title, { anchor: "start", kind: "strong" });
        words.forEach((word, i) => {
          const x = 30 + i * 88;
          const isPad = word === "PAD";
          p.box(x, y + 52, 70, 28, word, { kind: isPad ? "pad" : "word", text: "small" });
          const held = isPad && masked;
          p.box(x, y, 70, 34, held ? "h₃" : `h${"₁₂₃₄₅₆"[i]}`, {
            kind: held ? "pad" : isPad ? "wrong" : "state",
            text: "math",
          });
          if (!held)
            p.arrow([
              [x + 35, y + 52],
              [x + 35, y + 36],
            ]);
          if (i > 0) {
            const kind = held ? "blue dash" : isPad ? "red" : "blue thick";
            p.arrow(
              [
                [x - 18, y + 17],
                [x, y + 17],
              ],
              { kind },
            );
          }
        });
        p.arrow(
          [
            [540, y + 17],
            [572, y + 17],
          ],
          { kind: masked ? "blue dash" : "red" },
        );
        p.text(
          578,
          y + 12,
          masked ? "the state after “size”" : "three more words of\nnothing: forgotten",
          {
            anchor: "start",
            kind: "small",
          },
        );
      };
      row(50, "Without a mask", false);
      row(190, "With a mask", true);
      return p;
    },
  },

  attention: {
    title: "Attention is a weighted mean",
    description:
      "Each state gets a score, a softmax turns the scores into weights with the sum 1, and the states are " +
      "summed up with these weights.",
    draw() {
      const p = new Picture(720, 300);
      const words = ["the", "plot", "is", "truly", "wonderful"];
      const weights = [0.03, 0.12, 0.03, 0.22, 0.6];
      words.forEach((word, i) => {
        const x = 40 + i * 96;
        p.box(x, 245, 80, 28, word, { kind: "word" });
        p.arrow([
          [x + 40, 245],
          [x + 40, 227],
        ]);
        p.box(x, 195, 80, 30, `h${"₁₂₃₄₅"[i]}`, { kind: "state", text: "math" });
        if (i > 0)
          p.arrow(
            [
              [x - 16, 210],
              [x, 210],
            ],
            { kind: "blue thick" },
          );
        p.arrow([
          [x + 40, 195],
          [x + 40, 172],
        ]);
        const height = 90 * weights[i];
        p.box(x + 22, 150 - height, 36, height, "", { kind: "bar", round: 1 });
        p.text(x + 40, 166, `.${String(Math.round(100 * weights[i])).padStart(2, "0")}`, {
          kind: "small",
        });
      });
      p.text(26, 60, "weights: softmax of the scores, their sum is 1", {
        anchor: "start",
        kind: "small",
      });
      p.line([
        [40, 150.5],
        [504, 150.5],
      ]);
      p.arrow([
        [520, 120],
        [572, 120],
      ]);
      p.box(575, 98, 112, 44, "Σ aₜ hₜ", { kind: "gate", text: "math strong" });
      p.line(
        [
          [520, 210],
          [631, 210],
        ],
        { kind: "blue thick" },
      );
      p.arrow(
        [
          [631, 210],
          [631, 144],
        ],
        { kind: "blue thick" },
      );
      p.arrow([
        [631, 98],
        [631, 70],
      ]);
      p.text(631, 58, "good: .94", { kind: "strong" });
      return p;
    },
  },

  "simplified-attention": {
    title: "The simplified attention of study 3 beside the real one",
    description:
      "Left, real attention: the weight of a word is computed from that word. Right, the study: an LSTM reads " +
      "all words and its last output, of 200 units, is taken for the weights of the 200 words. Nothing ties " +
      "unit 17 to word 17.",
    draw() {
      const p = new Picture(720, 320);
      const side = (x0, title, draw) => {
        p.text(x0 + 150, 34, title, { kind: "strong" });
        range(4).forEach((i) => {
          const x = x0 + i * 78;
          p.box(x, 272, 64, 28, `word ${i + 1}`, { kind: "word", text: "small" });
          p.arrow([
            [x + 32, 272],
            [x + 32, 252],
          ]);
          p.box(x, 222, 64, 28, `e${"₁₂₃₄"[i]}`, { text: "math" });
          p.box(x + 14, 112, 36, 24, `w${"₁₂₃₄"[i]}`, { kind: "gate", text: "math" });
          p.arrow([
            [x + 32, 112],
            [x + 32, 92],
          ]);
        });
        p.box(x0, 60, 298, 30, "Σ wₜ eₜ", { kind: "state", text: "math strong" });
        draw(x0);
      };
      side(40, "Attention", (x0) => {
        range(4).forEach((i) => {
          const x = x0 + i * 78 + 32;
          p.box(x - 26, 166, 52, 26, "score", { text: "small" });
          p.arrow([
            [x, 222],
            [x, 194],
          ]).arrow([
            [x, 166],
            [x, 138],
          ]);
        });
      });
      side(384, "The study", (x0) => {
        p.box(x0, 166, 298, 28, "LSTM with 200 units: its last output", {
          kind: "wrong",
          text: "small",
        });
        range(4).forEach((i) => {
          const x = x0 + i * 78 + 32;
          p.arrow([
            [x, 222],
            [x, 196],
          ]);
          p.arrow([
            [x, 166],
            [x, 138],
          ]);
          p.text(x + 5, 156, `unit ${i + 1}`, { anchor: "start", kind: "small" });
        });
      });
      p.line(
        [
          [360, 20],
          [360, 300],
        ],
        { kind: "dash" },
      );
      return p;
    },
  },

  "one-step": {
    title: "Study 1: a sequence of one step",
    description:
      "The study gives the recurrent layer a whole review at once, as one vector of 2,470 numbers. There is one " +
      "step, so nothing recurs. A reader of words takes one step a word.",
    draw() {
      const p = new Picture(720, 220);
      p.text(30, 36, "As published: one step", { anchor: "start", kind: "strong" });
      p.box(30, 140, 250, 34, "2,470 numbers", { kind: "word" });
      p.arrow([
        [155, 140],
        [155, 112],
      ]);
      p.box(100, 72, 110, 38, "cell", { kind: "state" });
      p.arrow([
        [210, 91],
        [262, 91],
      ]).text(268, 96, "rating", { anchor: "start" });
      p.arrow(
        [
          [55, 91],
          [100, 91],
        ],
        { kind: "dash" },
      ).text(48, 96, "0", { anchor: "end" });
      p.text(155, 196, "the whole review is one vector", { kind: "small" });
      p.line(
        [
          [350, 20],
          [350, 200],
        ],
        { kind: "dash" },
      );
      p.text(380, 36, "A reader: one step a word", { anchor: "start", kind: "strong" });
      ["I", "loved", "it"].forEach((word, i) => {
        const x = 380 + i * 88;
        p.box(x, 140, 66, 34, word, { kind: "word" });
        p.arrow([
          [x + 33, 140],
          [x + 33, 112],
        ]);
        p.box(x, 72, 66, 38, "cell", { kind: "state" });
        p.arrow(
          [
            [x + 66, 91],
            [x + 88, 91],
          ],
          { kind: "blue thick" },
        );
      });
      p.text(648, 96, "rating", { anchor: "start" });
      p.text(500, 196, "what was read is handed on", { kind: "small" });
      return p;
    },
  },

  leak: {
    title: "The leak of study 4: the test tweets lie in the pool",
    description:
      "All files, the test file among them, are poured into one pool. 80 % of the pool become training rows. So " +
      "four fifths of the test tweets are trained on before they test.",
    draw() {
      const p = new Picture(720, 260);
      p.text(95, 36, "files", { kind: "strong" });
      p.box(30, 56, 130, 56, "training files,\n2013 to 2016", { text: "small" });
      p.box(30, 140, 130, 34, "test file", { kind: "wrong" });
      p.arrow([
        [160, 84],
        [238, 108],
      ]);
      p.arrow(
        [
          [160, 157],
          [238, 128],
        ],
        { kind: "red" },
      );
      p.box(240, 76, 110, 88, "one pool,\nshuffled");
      p.arrow([
        [350, 104],
        [428, 84],
      ]);
      p.arrow([
        [350, 138],
        [428, 160],
      ]);
      p.text(388, 82, "80 %", { kind: "small" }).text(388, 172, "20 %", { kind: "small" });
      p.box(430, 62, 130, 44, "training rows");
      p.box(430, 140, 130, 40, "validation rows");
      p.text(640, 36, "test file again", { kind: "strong" });
      range(5).forEach((i) =>
        p.box(612, 60 + i * 28, 56, 22, i < 4 ? "seen" : "new", {
          kind: i < 4 ? "wrong" : "state",
          text: "small",
        }),
      );
      p.arrow(
        [
          [560, 84],
          [608, 112],
        ],
        { kind: "red" },
      );
      p.line(
        [
          [95, 174],
          [95, 228],
          [640, 228],
        ],
        { kind: "red dash" },
      );
      p.arrow(
        [
          [640, 228],
          [640, 206],
        ],
        { kind: "red" },
      );
      p.text(360, 246, "four of five test tweets were trained on", { kind: "small" });
      return p;
    },
  },

  "split-by-film": {
    title: "A split by film beside one by review",
    description:
      "Split by review, both parts hold reviews of the same films, so a network can know a film. Split by film, " +
      "every film is in one part alone.",
    draw() {
      const p = new Picture(720, 230);
      const films = ["A", "B", "C", "D"];
      const kinds = ["word", "state", "gate", "wrong"];
      const part = (x, y, letters) =>
        letters.forEach((letter, i) =>
          p.box(x + i * 32, y, 28, 28, letter, { kind: kinds[films.indexOf(letter)] }),
        );
      p.text(30, 36, "By review", { anchor: "start", kind: "strong" });
      p.text(30, 76, "train", { anchor: "start", kind: "small" });
      part(100, 58, ["A", "A", "B", "B", "C", "D", "D"]);
      p.text(30, 126, "validate", { anchor: "start", kind: "small" });
      part(100, 108, ["A", "B", "C", "D"]);
      p.text(30, 176, "Every film is in both parts:\nknowing the film helps.", {
        anchor: "start",
        kind: "small",
      });
      p.line(
        [
          [350, 20],
          [350, 210],
        ],
        { kind: "dash" },
      );
      p.text(380, 36, "By film", { anchor: "start", kind: "strong" });
      p.text(380, 76, "train", { anchor: "start", kind: "small" });
      part(450, 58, ["A", "A", "A", "B", "B", "B", "C"]);
      p.text(380, 126, "validate", { anchor: "start", kind: "small" });
      part(450, 108, ["D", "D", "D"]);
      p.text(380, 176, "No film is in both parts:\nthe words alone must tell.", {
        anchor: "start",
        kind: "small",
      });
      return p;
    },
  },

  schedule: {
    title: "The lottery of study 3's schedule",
    description:
      "The learning rate is divided by ten when the test accuracy falls once. A dip late in the training costs " +
      "nothing. The same dip in the third epoch leaves the network with a tenth of the rate for good.",
    draw() {
      const p = new Picture(720, 270);
      const panel = (x0, title, points, dip, below) => {
        p.text(x0, 34, title, { anchor: "start", kind: "strong" });
        p.line([
          [x0, 60],
          [x0, 210],
          [x0 + 290, 210],
        ]);
        p.text(x0 + 290, 228, "epochs", { anchor: "end", kind: "small" });
        p.text(x0 + 4, 56, "test accuracy", { anchor: "start", kind: "small" });
        const at = points.map(([x, y]) => [x0 + x, y]);
        p.line(at.slice(0, dip + 1), { kind: "blue thick" });
        p.line(at.slice(dip), { kind: "red" });
        const [dx, dy] = at[dip];
        p.line(
          [
            [dx, 60],
            [dx, 210],
          ],
          { kind: "dash" },
        );
        p.circle(dx, dy, "", { radius: 5, kind: "wrong" });
        p.text(dx + 5, 204, "rate ÷ 10", { anchor: "start", kind: "small" });
        p.text(x0, 252, below, { anchor: "start", kind: "small" });
      };
      panel(
        36,
        "A dip in epoch 17",
        [
          [6, 198],
          [30, 150],
          [60, 118],
          [95, 98],
          [135, 86],
          [175, 80],
          [205, 77],
          [220, 81],
          [245, 74],
          [280, 73],
        ],
        7,
        "Nothing is lost: the curve was flat already.",
      );
      panel(
        392,
        "The same dip in epoch 3",
        [
          [6, 198],
          [26, 152],
          [42, 157],
          [80, 150],
          [120, 144],
          [160, 138],
          [205, 133],
          [245, 129],
          [280, 126],
        ],
        2,
        "A tenth of the rate for good: it never catches up.",
      );
      return p;
    },
  },

  "pair-reader": {
    title: "Our reader: words and pairs are summed up, an LSTM says where to look",
    description:
      "Words and pairs of neighbouring words have vectors. An LSTM reads the words and gives each a weight. The " +
      "vectors are summed up twice, with these weights and plainly, and a dense layer says the rating.",
    draw() {
      const p = new Picture(720, 340);
      const words = ["not", "a", "good", "fit"];
      words.forEach((word, i) => {
        const x = 40 + i * 96;
        p.box(x, 292, 76, 28, word, { kind: "word" });
        p.arrow([
          [x + 38, 292],
          [x + 38, 272],
        ]);
        p.box(x, 242, 76, 28, "vector", { text: "small" });
      });
      ["not a", "a good", "good fit"].forEach((pair, i) =>
        p
          .box(470 + i * 78, 292, 70, 28, pair, { kind: "word", text: "small" })
          .arrow([
            [505 + i * 78, 292],
            [505 + i * 78, 272],
          ])
          .box(470 + i * 78, 242, 70, 28, "vector", { text: "small" }),
      );
      p.box(40, 178, 364, 30, "LSTM, then a softmax over its scores", {
        kind: "state",
        text: "small",
      });
      range(4).forEach((i) =>
        p.arrow(
          [
            [78 + i * 96, 242],
            [78 + i * 96, 210],
          ],
          { kind: "blue" },
        ),
      );
      p.text(232, 166, "where to look", { anchor: "start", kind: "small" });
      p.box(120, 108, 220, 34, "sum with these weights", { kind: "gate", text: "small" });
      p.box(440, 108, 200, 34, "plain mean", { kind: "gate", text: "small" });
      p.arrow(
        [
          [222, 178],
          [222, 144],
        ],
        { kind: "blue thick" },
      );
      p.line([
        [404, 256],
        [424, 256],
        [424, 196],
      ]).line([
        [470, 256],
        [424, 256],
      ]);
      p.line([
        [424, 196],
        [424, 158],
        [540, 158],
      ]).arrow([
        [540, 158],
        [540, 144],
      ]);
      p.line([
        [424, 158],
        [330, 158],
      ]).arrow([
        [330, 158],
        [330, 144],
      ]);
      p.text(436, 190, "vectors of words and pairs", { anchor: "start", kind: "small" });
      p.box(250, 46, 220, 32, "dense", { kind: "box" });
      p.arrow([
        [230, 108],
        [300, 80],
      ]).arrow([
        [540, 108],
        [420, 80],
      ]);
      p.arrow([
        [360, 46],
        [360, 30],
      ]).text(360, 22, "rating", { kind: "strong" });
      return p;
    },
  },
};

/** The files by their names. */
export const files = () =>
  Object.entries(pictures).map(([name, { title, description, draw }]) => [
    `${name}.svg`,
    draw().svg(title, description),
  ]);

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const folder = path.join(
    path.dirname(fileURLToPath(import.meta.url)),
    "../../notebooks/pictures",
  );
  fs.mkdirSync(folder, { recursive: true });
  for (const [name, svg] of files()) fs.writeFileSync(path.join(folder, name), svg);
}
