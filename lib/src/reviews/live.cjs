// eslint-disable-next-line @typescript-eslint/ban-ts-comment -- the library is compiled without a document
// @ts-nocheck
// What a page does with a rater: a box to write in, the rating, its interval, and the words that moved
// it. It runs in a reader's browser after `player.cjs`, of which it gets `open`; without a network.

/**
 * @typedef {import("./player.cjs").PackedRater} PackedRater
 * @typedef {ReturnType<import("./player.cjs").open>} Opened
 */

/**
 * An element with classes and text.
 *
 * @param {string} tag
 * @param {Record<string, string>} [attributes]
 * @param {string} [text]
 */
function element(tag, attributes = {}, text) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  if (text !== undefined) made.textContent = text;
  return made;
}

/**
 * Characters that would change how a page is read are shown as what they are: marks that turn the
 * direction of writing stay inside their element, control characters become "�".
 *
 * @param {string} text
 */
const visible = (text) =>
  text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/g, "\ufffd");

/** @param {number} value */
const signed = (value) => (value < 0 ? "−" : "+") + Math.abs(value).toFixed(2);

/** @param {number} share */
const percent = (share) => `${Math.round(100 * share)} %`;

/**
 * Puts a rater into an element of a page.
 *
 * @param {HTMLElement} root
 * @param {Opened} rater
 * @param {{ example: string, title: string }} words
 */
function mount(root, rater, { example, title }) {
  const { values, labels } = rater;
  const named = labels.some((label, k) => label !== String(values[k]));
  const best = values[values.length - 1];
  const least = values[0];
  const box = /** @type {HTMLTextAreaElement} */ (
    element("textarea", { id: `${root.id}-text`, rows: "4", spellcheck: "false", dir: "auto" })
  );
  box.value = example;
  const label = element("label", { for: box.id }, title);
  const rating = element("p", { class: "rating", role: "status", "aria-live": "polite" });
  const scale = element("div", { class: "scale", "aria-hidden": "true" });
  const range = element("div", { class: "range" });
  const dot = element("div", { class: "dot" });
  scale.append(range, dot);
  const ends = element("div", { class: "ends", "aria-hidden": "true" });
  ends.append(element("span", {}, labels[0]), element("span", {}, labels[labels.length - 1]));
  const marked = element("p", { class: "marked", dir: "auto" });
  const effects = element("table", { class: "effects" });
  const chances = element("table", { class: "chances" });
  root.append(label, box, rating, scale, ends, marked);
  const tables = element("div", { class: "tables" });
  tables.append(effects, chances);
  root.append(tables);

  /** @param {number} value */
  const place = (value) => `${(100 * (value - least)) / (best - least)}%`;

  /** @param {ReturnType<Opened["explain"]>} said */
  function show(said) {
    const [low, high] = said.interval;
    const nameOf = (/** @type {number} */ value) => labels[values.indexOf(value)];
    const words = named ? `, best called “${said.label}”` : "";
    rating.textContent = "";
    rating.append(
      element("strong", {}, said.rating.toFixed(1)),
      ` of ${best}${words}; with a probability of 80 % from ${nameOf(low)} to ${nameOf(high)}`,
    );
    range.style.left = place(low);
    range.style.width = `calc(${place(high)} - ${place(low)})`;
    dot.style.left = place(said.rating);
    showWords(said);
    showTables(said);
  }

  /** @param {ReturnType<Opened["explain"]>} said */
  function showWords({ tokens, words }) {
    const effectOf = new Map(words.map(({ word, effect }) => [word, effect]));
    const most = Math.max(0.05, ...words.map(({ effect }) => Math.abs(effect)));
    const text = box.value;
    marked.textContent = "";
    let at = 0;
    for (const { token, start, end, attention } of tokens) {
      marked.append(visible(text.slice(at, start)));
      at = end;
      const effect = effectOf.get(token);
      if (effect === undefined || Math.abs(effect) < most / 20) {
        marked.append(visible(text.slice(start, end)));
        continue;
      }
      const look = attention === null ? "" : `, ${percent(attention)} of the attention`;
      const mark = element(
        "mark",
        { class: effect > 0 ? "up" : "down", title: `${signed(effect)}${look}` },
        visible(text.slice(start, end)),
      );
      mark.style.setProperty("--strength", (Math.abs(effect) / most).toFixed(2));
      marked.append(mark);
    }
    marked.append(visible(text.slice(at)));
  }

  /** @param {ReturnType<Opened["explain"]>} said */
  function showTables({ words, tokens, probabilities }) {
    const attention = new Map();
    for (const token of tokens) {
      attention.set(token.token, (attention.get(token.token) ?? 0) + (token.attention ?? 0));
    }
    const looks = tokens.some((token) => token.attention !== null);
    effects.textContent = "";
    effects.append(element("caption", {}, "Without this word the rating would fall by"));
    const head = element("tr");
    head.append(
      element("th", { scope: "col" }, "word"),
      element("th", { scope: "col" }, "effect"),
      ...(looks ? [element("th", { scope: "col" }, "attention")] : []),
    );
    effects.append(head);
    for (const { word, effect } of words.slice(0, 6)) {
      const row = element("tr");
      row.append(
        element("th", { scope: "row", dir: "auto" }, visible(word)),
        element("td", {}, signed(effect)),
        ...(looks ? [element("td", {}, percent(attention.get(word)))] : []),
      );
      effects.append(row);
    }
    chances.textContent = "";
    chances.append(element("caption", {}, "How probable each rating is"));
    probabilities.forEach((p, k) => {
      const row = element("tr");
      const bar = element("span", { class: "share" });
      bar.style.width = `${Math.round(100 * p)}%`;
      const cell = element("td", { class: "shares" });
      cell.append(bar);
      row.append(
        element("th", { scope: "row", dir: "auto" }, visible(labels[k])),
        cell,
        element("td", {}, percent(p)),
      );
      chances.append(row);
    });
  }

  function update() {
    const begun = performance.now();
    const said = rater.explain(box.value);
    if (said.known === 0) {
      rating.textContent = "No word of this is known to the rater: write a few more.";
      for (const part of [marked, effects, chances]) part.textContent = "";
      scale.classList.add("unknown");
    } else {
      scale.classList.remove("unknown");
      show(said);
    }
    root.dataset.milliseconds = (performance.now() - begun).toFixed(1);
  }

  box.addEventListener("input", update);
  update();
}

/** How all of it looks; the page may set `--up` and `--down`, red, green and blue. */
const style = `
.starlit { --up: 0, 114, 178; --down: 213, 94, 0; }
.starlit label { display: block; font-weight: 600; margin-bottom: 0.3rem; }
.starlit textarea { box-sizing: border-box; width: 100%; font: inherit; padding: 0.6rem; border: 1px solid #767676; border-radius: 6px; color: inherit; background: transparent; }
.starlit textarea:focus-visible { outline: 3px solid #0072b2; outline-offset: 1px; }
.starlit .rating { min-height: 3em; margin: 0.6rem 0 0.2rem; }
.starlit .rating strong { font-size: 2rem; }
.starlit .scale { position: relative; height: 10px; margin: 0.2rem 8px; border-radius: 5px; background: #8884; }
.starlit .scale .range { position: absolute; height: 100%; min-width: 10px; border-radius: 5px; background: rgba(var(--up), 0.45); }
.starlit .scale .dot { position: absolute; top: -4px; width: 18px; height: 18px; margin-left: -9px; border-radius: 50%; background: rgb(var(--up)); }
.starlit .scale.unknown > * { display: none; }
.starlit .ends { display: flex; justify-content: space-between; font-size: 0.85rem; }
.starlit .marked { white-space: pre-wrap; overflow-wrap: anywhere; line-height: 1.9; unicode-bidi: isolate; }
.starlit mark { color: inherit; border-radius: 3px; padding: 0.1em 0.15em; }
.starlit mark.up { background: rgba(var(--up), calc(0.08 + 0.3 * var(--strength))); border-bottom: 2px solid rgb(var(--up)); }
.starlit mark.down { background: rgba(var(--down), calc(0.08 + 0.3 * var(--strength))); border-bottom: 2px dashed rgb(var(--down)); }
.starlit .tables { display: flex; flex-wrap: wrap; gap: 1rem 2rem; }
.starlit table { border-collapse: collapse; flex: 1 1 15rem; }
.starlit caption { text-align: start; font-weight: 600; padding: 0.3rem 0; }
.starlit th, .starlit td { text-align: start; font-weight: 400; padding: 0.15rem 0.8rem 0.15rem 0; unicode-bidi: isolate; overflow-wrap: anywhere; }
.starlit td { font-variant-numeric: tabular-nums; white-space: nowrap; }
.starlit .shares { width: 60%; }
.starlit .share { display: block; height: 0.8em; border-radius: 2px; background: rgb(var(--up)); }
`;

module.exports = { mount, style };
