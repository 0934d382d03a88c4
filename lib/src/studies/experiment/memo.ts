/**
 * Keeps what an asynchronous function made last, so that the models of a notebook, which ask for the
 * same data in turn, share them. What failed is tried again.
 *
 * @param make its arguments are plain data: they are told apart by their JSON
 * @param kept of so many different arguments, the latest; data can be large
 */
export function memo<Arguments extends readonly unknown[], T>(
  make: (...args: Arguments) => Promise<T>,
  kept = 1,
): (...args: Arguments) => Promise<T> {
  const made = new Map<string, Promise<T>>();
  return (...args) => {
    const key = JSON.stringify(args);
    const value = made.get(key) ?? make(...args);
    made.delete(key); // the latest stands last
    made.set(key, value);
    value.catch(() => made.get(key) === value && made.delete(key));
    for (const oldest of [...made.keys()].slice(0, -kept)) made.delete(oldest);
    return value;
  };
}
