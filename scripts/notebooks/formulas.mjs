// Formulas, drawn once when a page is made: readers need neither MathJax nor JavaScript.
import { createRequire } from "node:module";
import { inRoot } from "../setup/paths.mjs";

// With the punctuation after it, which must not begin the next line.
const PLACE = /<span class="tex" data-display="([01])">([^<]*)<\/span>([,.;:?!)]*)/g;

let engine;
const mathjax = () =>
  (engine ??= createRequire(inRoot("package.json"))("mathjax").init({
    loader: { load: ["input/tex", "output/svg"] },
    svg: { fontCache: "none" },
  }));

/** Replaces the TeX that export.py left in a page: SVG for the eye, MathML for a screen reader. */
export async function drawFormulas(html) {
  if (html.search(PLACE) < 0) return html;
  const { startup, tex2mml, tex2svg } = await mathjax();
  return html.replace(PLACE, (_, displayed, escaped, punctuation) => {
    const tex = unescape(escaped);
    const display = displayed === "1";
    const svg = startup.adaptor.innerHTML(tex2svg(tex, { display }));
    const hidden = svg.replace("<svg ", '<svg aria-hidden="true" ');
    const kind = display ? ' display" tabindex="0"' : '"';
    const formula = `<span class="formula${kind}>${hidden}${tex2mml(tex, { display })}</span>`;
    return punctuation ? `<span class="unbroken">${formula}${punctuation}</span>` : formula;
  });
}

function unescape(text) {
  const characters = { "&lt;": "<", "&gt;": ">", "&quot;": '"', "&#x27;": "'", "&amp;": "&" };
  return text.replace(/&(lt|gt|quot|#x27|amp);/g, (entity) => characters[entity]);
}
