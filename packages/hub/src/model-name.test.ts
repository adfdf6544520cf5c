import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { parseModelName } from "./model-name.js";

test.each([
  ["sentence-transformers/all-MiniLM-L6-v2", "sentence-transformers/all-MiniLM-L6-v2", "main"],
  ["ns/name@v1.0", "ns/name", "v1.0"],
  ["ns/name@refs/pr/3", "ns/name", "refs/pr/3"],
  ["a/b@0123456789abcdef0123456789abcdef01234567", "a/b", "0123456789abcdef0123456789abcdef01234567"],
  ["_x/y.z_1-2", "_x/y.z_1-2", "main"],
])("%s is a model and a revision", (text, name, revision) => {
  expect(parseModelName(text)).toEqual({ name, revision });
});

describe("no model's name", () => {
  test.each([
    "",
    "bert",
    "a/b/c",
    "/a",
    "a/",
    "./a",
    "../a",
    "~/a",
    "a/..",
    "-a/b",
    "a/b-",
    ".a/b",
    "a/b.",
    "a--b/c",
    "a/b..c",
    "a/b.git",
    "a b/c",
    "é/a",
    "a/b\n",
    "a\\b",
    "C:/x",
    "https://huggingface.co/a/b",
    `a/${"x".repeat(97)}`,
    "a/b@",
    "a/b@..",
    "a/b@a..b",
    "a/b@/x",
    "a/b@x/",
    "a/b@x//y",
    "a/b@.x",
    "a/b@x/.y",
    "a/b@x.lock",
    "a/b@x y",
    "a/b@x:y",
    "a/b@x\\y",
    "a/b@x\0",
    "a/b@x@{1}",
    "a/b@x~1",
    "a/b@x^",
    "a/b@x?",
    "a/b@x*",
    "a/b@x.",
  ])("%j", (text) => {
    expect(parseModelName(text)).toBeUndefined();
  });
});

test("whatever the text, what comes back is put together to it again and leads to no other folder", () => {
  const pieces = fc.constantFrom("a", "B", "9", "-", "_", ".", "/", "@", "~", "\\", ":", " ", "\0", "refs", "é");
  const texts = fc.oneof(
    fc.string(),
    fc.array(pieces, { maxLength: 12 }).map((parts) => parts.join("")),
  );
  fc.assert(
    fc.property(texts, (text) => {
      const parsed = parseModelName(text);
      if (parsed === undefined) return;
      const { name, revision } = parsed;
      expect([name, `${name}@${revision}`]).toContain(text.endsWith("@main") ? `${name}@main` : text);
      for (const part of [...name.split("/"), ...revision.split("/")]) {
        expect(["", ".", ".."]).not.toContain(part);
        expect(part).not.toMatch(/[\\:\0\s]/);
      }
      expect(name.split("/")).toHaveLength(2);
    }),
    { numRuns: 2000 },
  );
});
