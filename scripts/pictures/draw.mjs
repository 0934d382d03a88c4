// What the drawn pictures share: a card that is legible on light and dark pages, boxes, words, arrows.

const escape = (text) =>
  String(text).replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");

/** Colours by role, on a light page and on a dark one. */
const style = `
  .card { fill: #ffffff; stroke: #dddddd }
  .box { fill: #f4f7fa; stroke: #8a97a3 }
  .word { fill: #fdf1dc; stroke: #c98a00 }
  .state { fill: #dcecf7; stroke: #0072b2 }
  .gate { fill: #e3f3ec; stroke: #00805d }
  .wrong { fill: #fbe3d6; stroke: #c05000 }
  .pad { fill: #eeeeee; stroke: #aaaaaa; stroke-dasharray: 4 3 }
  .bar { fill: #0072b2 } .bar2 { fill: #d55e00 } .bar3 { fill: #b5bcc4 }
  text { fill: #222222; font: 14px "DejaVu Sans", Verdana, sans-serif }
  .small { font-size: 12px; fill: #555555 } .strong { font-weight: bold } .math { font-style: italic }
  .line { stroke: #555555; stroke-width: 1.5; fill: none } .tip { fill: #555555 }
  .dash { stroke-dasharray: 5 4 } .blue { stroke: #0072b2 } .red { stroke: #d55e00; stroke-width: 2 }
  .thick { stroke-width: 2.5 }
  @media (prefers-color-scheme: dark) {
    .card { fill: #1b1f24; stroke: #3a4048 }
    .box { fill: #262c33; stroke: #8a97a3 }
    .word { fill: #3d3016; stroke: #e0a020 }
    .state { fill: #16324a; stroke: #56b4e9 }
    .gate { fill: #143a2e; stroke: #2fbf95 }
    .wrong { fill: #47240f; stroke: #f0803c }
    .pad { fill: #2a2a2a; stroke: #777777 }
    .bar { fill: #56b4e9 } .bar2 { fill: #f0803c } .bar3 { fill: #5a626b }
    text { fill: #e8e8e8 } .small { fill: #b5b5b5 }
    .line { stroke: #b5b5b5 } .tip { fill: #b5b5b5 } .blue { stroke: #56b4e9 } .red { stroke: #f0803c }
  }`;

/** A picture of so many pixels; every function draws one thing and gives the picture back. */
export class Picture {
  #parts = [];

  constructor(width, height) {
    this.width = width;
    this.height = height;
  }

  /** Words; `anchor` is "start", "middle" or "end"; lines are parted by a line feed. */
  text(x, y, words, { anchor = "middle", kind = "" } = {}) {
    const lines = String(words).split("\n");
    const step = kind.includes("small") ? 15 : 18;
    lines.forEach((line, i) => {
      const attributes = `x="${x}" y="${y + i * step}" text-anchor="${anchor}"`;
      this.#parts.push(`<text ${attributes}${kind && ` class="${kind}"`}>${escape(line)}</text>`);
    });
    return this;
  }

  /** A rectangle with words in its middle. */
  box(x, y, width, height, words = "", { kind = "box", text = "", round = 5 } = {}) {
    this.#parts.push(
      `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="${round}" class="${kind}"/>`,
    );
    const lines = words === "" ? [] : String(words).split("\n");
    const step = text.includes("small") ? 15 : 18;
    const top = y + height / 2 + 5 - ((lines.length - 1) * step) / 2;
    return lines.length ? this.text(x + width / 2, top, words, { kind: text }) : this;
  }

  /** A circle with a sign in it. */
  circle(x, y, sign, { radius = 14, kind = "box" } = {}) {
    this.#parts.push(`<circle cx="${x}" cy="${y}" r="${radius}" class="${kind}"/>`);
    return this.text(x, y + 5, sign);
  }

  /** A line through points, [x, y] each. */
  line(points, { kind = "" } = {}) {
    const path = points.map(([x, y], i) => `${i ? "L" : "M"}${x} ${y}`).join(" ");
    this.#parts.push(`<path d="${path}" class="line ${kind}"/>`);
    return this;
  }

  /** A line with a tip at its end. */
  arrow(points, options) {
    this.line(points, options);
    const [[x0, y0], [x, y]] = points.slice(-2);
    const angle = Math.atan2(y - y0, x - x0);
    const corner = (turn) =>
      [x - 8 * Math.cos(angle + turn), y - 8 * Math.sin(angle + turn)].map((v) => v.toFixed(1));
    this.#parts.push(`<path d="M${x} ${y} L${corner(0.45)} L${corner(-0.45)} Z" class="tip"/>`);
    return this;
  }

  /** The file: `title` and `description` are for readers who do not see it. */
  svg(title, description) {
    const { width, height } = this;
    return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">
<title>${escape(title)}</title>
<desc>${escape(description)}</desc>
<style>${style}
</style>
<rect x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="8" class="card"/>
${this.#parts.join("\n")}
</svg>
`;
  }
}
