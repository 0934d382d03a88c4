import { tf } from "./tensorflow";

/**
 * What `body` reads out of tensors, which are freed: `tf.tidy` for plain numbers. That one looks for
 * tensors in what it returns, in every number of an array, which takes seconds of a large model's.
 */
export function numbersOf<T>(body: () => T): T {
  const engine = tf.engine();
  engine.startScope("numbers");
  try {
    return body();
  } finally {
    engine.endScope();
  }
}
