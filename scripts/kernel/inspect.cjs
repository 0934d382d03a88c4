"use strict";
// What Shift-Tab tells: the type and the documentation of a name, and inside a call its parameters.
const ts = require("typescript");

/** @returns the content of Jupyter's `inspect_reply` */
function inspect(program, code, position) {
  const cell = program.open(code, fromLibrary(program, code, position));
  const told = [
    aboutName(cell, position) ?? aboutName(cell, position - 1) ?? [],
    aboutCall(cell, position) ?? [],
  ];
  const parts = told
    .flat()
    .filter((each, i, all) => all.findIndex(({ code }) => code === each.code) === i);
  if (parts.length === 0) return { status: "ok", found: false, data: {}, metadata: {} };
  const plain = parts
    .map((each) => [each.code, each.docs].filter(Boolean).join("\n\n"))
    .join("\n\n");
  const markdown = parts
    .map((each) => [`\`\`\`ts\n${each.code}\n\`\`\``, each.docs].filter(Boolean).join("\n\n"))
    .join("\n\n---\n\n");
  return {
    status: "ok",
    found: true,
    data: { "text/plain": plain, "text/markdown": markdown },
    metadata: {},
  };
}

/** The name at the cursor, where only the library has it: the cell that uses it imports it. */
function fromLibrary(program, code, position) {
  const before = code.slice(0, position).match(/(?<![\w$.])[A-Za-z_$][\w$]*$/)?.[0] ?? "";
  const name = before + code.slice(position).match(/^[\w$]*/)[0];
  const { checker, source } = program.open(code);
  const isKnown = name === "" || checker.resolveName(name, source, ts.SymbolFlags.Value, false);
  return !isKnown && program.library.has(name) ? [name] : [];
}

function aboutName({ service, file }, position) {
  if (position < 0) return null;
  const info = service.getQuickInfoAtPosition(file, position);
  if (!info?.displayParts?.length) return null;
  const declared = text(info.displayParts)
    .replace(/^\(alias\) /, "")
    .replace(/\nimport [^\n]*$/, "");
  return { code: declared, docs: documentation(info) };
}

function aboutCall({ service, file }, position) {
  const help = service.getSignatureHelpItems(file, position, undefined);
  if (!help) return null;
  const item = help.items[help.selectedItemIndex];
  const parameters = item.parameters.map(({ displayParts }) => text(displayParts));
  const code = `${text(item.prefixDisplayParts)}${parameters.join(text(item.separatorDisplayParts))}${text(item.suffixDisplayParts)}`;
  const at = item.parameters[help.argumentIndex];
  const more = help.items.length > 1 ? `${help.items.length} ways to call it` : "";
  const here =
    at &&
    `→ ${text(at.displayParts)}${at.documentation?.length ? `: ${text(at.documentation)}` : ""}`;
  return { code, docs: [here, documentation(item), more].filter(Boolean).join("\n\n") };
}

function documentation({ documentation: docs, tags = [] }) {
  const told = tags
    .filter((tag) => tag.text?.length)
    .map((tag) =>
      tag.name === "param" ? `@param ${text(tag.text)}` : `@${tag.name} ${text(tag.text)}`,
    );
  return [text(docs), told.join("\n")].filter(Boolean).join("\n\n");
}

const text = (parts) => (parts ?? []).map((part) => part.text).join("");

module.exports = { inspect };
