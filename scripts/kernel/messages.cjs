"use strict";
// The wire format of Jupyter messages: ZeroMQ frames, signed with the key of the connection file.
// https://jupyter-client.readthedocs.io/en/stable/messaging.html#the-wire-protocol
const { createHmac, randomUUID } = require("node:crypto");
const { jsonText } = require("../../lib/src/files/markup.cjs");

const DELIMITER = "<IDS|MSG>";
const PROTOCOL = "5.3";
const session = randomUUID();

function sign(parts, key) {
  if (!key) return "";
  const hmac = createHmac("sha256", key);
  for (const part of parts) hmac.update(part);
  return hmac.digest("hex");
}

/** What a client sent, as `{ identities, header, metadata, content, buffers }`. Throws where the signature is wrong. */
function parseMessage(frames, key) {
  const delimiter = frames.findIndex((frame) => frame.toString() === DELIMITER);
  if (delimiter < 0) throw new Error("a message without delimiter");
  const [signature, ...rest] = frames.slice(delimiter + 1);
  const parts = rest.slice(0, 4); // header, parent header, metadata, content; buffers follow
  if (signature.toString() !== sign(parts, key))
    throw new Error("a message with a wrong signature");
  const [header, , metadata, content] = parts.map((part) => JSON.parse(part.toString()));
  return {
    identities: frames.slice(0, delimiter),
    header,
    metadata,
    content,
    buffers: rest.slice(4),
  };
}

/** The frames of a message of `type` that answers (or, on iopub, belongs to) `parent`. */
function buildFrames({ type, content, parent, identities, metadata = {}, buffers = [] }, key) {
  const header = {
    msg_id: randomUUID(),
    session,
    username: parent.header.username ?? "",
    date: new Date().toISOString(),
    msg_type: type,
    version: PROTOCOL,
  };
  const parts = [header, parent.header, metadata, content].map(jsonText);
  return [...identities, DELIMITER, sign(parts, key), ...parts, ...buffers];
}

module.exports = { buildFrames, parseMessage };
