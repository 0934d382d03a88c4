// The one place where text becomes HTML, SVG or JSON. Texts are strangers': what they hold is shown,
// and obeyed nowhere.

/** Bidirectional marks, embeddings, overrides and isolates: they change the order of what is read. */
const ORDER = "\\u061C\\u200E\\u200F\\u202A-\\u202E\\u2066-\\u2069";

/** What is no letter, and what XML forbids. Tabs and the ends of lines are left. */
const UNSEEN = new RegExp(
  `[\\0-\\x08\\x0B\\x0C\\x0E-\\x1F\\x7F-\\x9F\\u2028\\u2029\\uFFFE\\uFFFF${ORDER}]`,
  "g",
);

/** @param {string} sign */
function picture(sign) {
  if (sign < " ") return String.fromCharCode(0x2400 + sign.charCodeAt(0)); // ␀ to ␟
  if (sign === "\x7f") return "\u2421"; // ␡
  return sign === "\u2028" || sign === "\u2029" ? "\u2424" : "\uFFFD"; // ␤, �
}

/**
 * Text that every page, picture and file can hold: control characters become their pictures (␀, ␛),
 * separators of lines ␤; halves of pairs, and what turns the order of letters, become �.
 *
 * @param {string} text
 * @returns {string}
 */
function visible(text) {
  return text.toWellFormed().replace(UNSEEN, picture);
}

/** @type {Record<string, string>} */
const ENTITIES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

/**
 * Text as it must stand in a quoted attribute of HTML.
 *
 * @param {string} text
 * @returns {string}
 */
function escapeAttribute(text) {
  return visible(text).replace(/[&<>"']/g, (sign) => ENTITIES[sign]);
}

/**
 * Text as it must stand within an element of HTML. JupyterLab typesets what stands between two `$`,
 * or after a backslash, in one piece of text: each stands in an element of its own.
 *
 * @param {string} text
 * @returns {string}
 */
function escapeHtml(text) {
  return escapeAttribute(text).replace(/[$\\]/g, "<span>$&</span>");
}

/**
 * Plain data whose texts, and names of fields, are all `visible`.
 *
 * @template Data
 * @param {Data} data what JSON can hold
 * @returns {Data}
 */
function visibleIn(data) {
  /** @param {unknown} value @returns {unknown} */
  const copy = (value) => {
    if (typeof value === "string") return visible(value);
    if (Array.isArray(value)) return value.map(copy);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, each]) => [visible(name), copy(each)]),
    );
  };
  return /** @type {Data} */ (copy(data));
}

/**
 * JSON that every reader can take: `JSON.stringify` writes halves of surrogate pairs as escapes, which
 * Python reads and cannot save. They become �.
 *
 * @param {unknown} value
 * @returns {string}
 */
function jsonText(value) {
  const text = JSON.stringify(value);
  if (!text?.includes("\\ud")) return text;
  return text.replace(/\\(?:(u[dD][89a-fA-F]..)|.)/g, (escape, half) => (half ? "\uFFFD" : escape));
}

/**
 * The first signs of a text, of which none is cut in two, and "…" where there are more.
 *
 * @param {string} text
 * @param {number} length signs at most
 * @returns {string}
 */
function shorten(text, length) {
  if (text.length <= length) return text;
  const signs = [...text.slice(0, 2 * length + 2)];
  return signs.length <= length ? text : `${signs.slice(0, length - 1).join("")}…`;
}

module.exports = { escapeAttribute, escapeHtml, jsonText, shorten, visible, visibleIn };
