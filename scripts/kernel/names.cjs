"use strict";
// A variable of the session is a property of the global object under a name of its own, so that a
// cell may call something `document` or `performance`, and libraries go on seeing Node's.
// `ª` is a letter to JavaScript, and nobody begins or ends a name with it.

const MARK = "ª";

/** What a session's variable is called on the global object. */
const stored = (name) => name + MARK;

/** Text that V8 wrote, e.g. "xª is not defined", with the names as the reader wrote them. */
const asWritten = (text) => text.replaceAll(MARK, "");

module.exports = { MARK, asWritten, stored };
