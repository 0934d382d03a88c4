"use strict";

const ASKED = 0;
const COMPUTING = 1;

/** What the kernel and its control thread know of each other while one of them computes. */
class Interrupts {
  #flags;

  /** @param shared of the other thread; a new one without it */
  constructor(shared = new SharedArrayBuffer(8)) {
    this.shared = shared;
    this.#flags = new Int32Array(shared);
  }

  /** The reader pressed stop. */
  ask() {
    Atomics.store(this.#flags, ASKED, 1);
  }

  get asked() {
    return Atomics.load(this.#flags, ASKED) === 1;
  }

  /** @returns whether somebody asked since it was answered last */
  answer() {
    return Atomics.exchange(this.#flags, ASKED, 0) === 1;
  }

  /** Whether a cell runs code that Node can stop. */
  get computing() {
    return Atomics.load(this.#flags, COMPUTING) === 1;
  }

  set computing(value) {
    Atomics.store(this.#flags, COMPUTING, Number(value));
  }
}

module.exports = { Interrupts };
