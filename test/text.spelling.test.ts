import { spellingIds } from "../lib/src/text";

test("words are numbered by their pieces, with marks at both ends", () => {
  // Python: 1 + fnv1a(piece) % 999 for "<ab", "ab>", "<ab>".
  expect(spellingIds(["ab"], { buckets: 1000 })).toEqual([937, 699, 40]);
});

test("words that are spelt alike share most of their pieces, wherever they stand", () => {
  const pieces = (word: string) => new Set(spellingIds([word], { buckets: 2 ** 16 }));
  const [long, longer, other] = ["loooove", "looooove", "horrible"].map(pieces);
  const shared = (a: Set<number>, b: Set<number>) => [...a].filter((id) => b.has(id)).length;
  expect(shared(long, longer)).toBeGreaterThan(8);
  expect(shared(long, other)).toBe(0);
  expect(spellingIds(["a", "loooove"], { buckets: 2 ** 16 }).slice(1)).toEqual([
    ...spellingIds(["loooove"], { buckets: 2 ** 16 }),
  ]);
  for (const id of long) expect(id).toBeGreaterThan(0);
});
