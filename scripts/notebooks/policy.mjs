// What a page may do: run the scripts that are its own, known by their sums, and nothing else. A text
// that became a script all the same would not run, and no request leaves the page.
import { createHash } from "node:crypto";

/** A script within a page. */
export const scriptTag = (code) => `<script>${code}</script>`;

const sum = (code) => `'sha256-${createHash("sha256").update(code).digest("base64")}'`;

/**
 * The Content-Security-Policy as an element of the page's head; it must come before the scripts.
 *
 * @param {string[]} codes the page's own scripts, as they stand within their elements
 * @param {Record<string, string>} [more] directives that take the place of those here
 */
export function policyTag(codes, more = {}) {
  const directives = {
    "default-src": "'none'",
    "script-src": [...new Set(codes)].map(sum).join(" ") || "'none'",
    // Tables and figures bring styles of their own.
    "style-src": "'unsafe-inline'",
    "img-src": "data: blob:",
    "font-src": "data:",
    "base-uri": "'none'",
    "form-action": "'none'",
    ...more,
  };
  const content = Object.entries(directives).map(([name, value]) => `${name} ${value}`);
  return `<meta http-equiv="Content-Security-Policy" content="${content.join("; ")}">`;
}
