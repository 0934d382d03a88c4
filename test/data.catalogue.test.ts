import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import * as zlib from "node:zlib";
import { catalogue } from "../lib/src/data/catalogue";
import { sourceStatus } from "../lib/src/data/status";
import { describeWithMirror, mirror } from "./support";

const files = Object.values(catalogue).flatMap((info) => info.files);
const sha256 = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");

test("every entry is complete", () => {
  for (const [id, info] of Object.entries(catalogue)) {
    expect(info.id).toBe(id);
    for (const text of [info.title, info.terms, info.citation, info.checked])
      expect(text).toMatch(/\w/);
    expect(info.page).toMatch(/^https:/);
  }
  for (const copy of files.flatMap((file) => file.copies))
    expect(copy.sha256).toMatch(/^[0-9a-f]{64}$/);
});

test("the shipped file is the one of the catalogue, and none other is shipped", () => {
  const shipped = files.filter((file) => file.shipped);
  expect(shipped.map((file) => file.name)).toEqual(["womens-clothing-reviews.csv"]);
  const [gzipped, plain] = shipped[0].copies;
  const bytes = fs.readFileSync(path.join(__dirname, "../data", gzipped.file));
  expect([bytes.length, sha256(bytes)]).toEqual([gzipped.bytes, gzipped.sha256]);
  const content = zlib.gunzipSync(bytes);
  expect([content.length, sha256(content)]).toEqual([plain.bytes, plain.sha256]);
});

test("where each data set would come from on a fresh clone", () => {
  const environment = process.env;
  process.env = { ...environment, STARLIT_DATA: "nowhere/at/all", STARLIT_MIRROR: "" };
  try {
    expect(sourceStatus().map(({ place }) => place)).toEqual([
      "shipped",
      "publisher",
      "publisher",
      "publisher",
      "nowhere",
    ]);
    process.env.STARLIT_MIRROR = "https://example.org/data";
    expect(sourceStatus().map(({ place }) => place)).toEqual([
      "shipped",
      "mirror",
      "mirror",
      "mirror",
      "mirror",
    ]);
  } finally {
    process.env = environment;
  }
});

describeWithMirror("with the mirror", () => {
  test("its files are those of the catalogue, compressed and not", () => {
    for (const file of files.filter((candidate) => candidate.name !== "aclImdb_v1.tar.gz")) {
      const [gzipped, plain] = file.copies;
      const bytes = fs.readFileSync(path.join(mirror!, gzipped.file));
      expect([file.name, bytes.length, sha256(bytes)]).toEqual([
        file.name,
        gzipped.bytes,
        gzipped.sha256,
      ]);
      const content = zlib.gunzipSync(bytes);
      expect([file.name, content.length, sha256(content)]).toEqual([
        file.name,
        plain.bytes,
        plain.sha256,
      ]);
    }
  });
});
