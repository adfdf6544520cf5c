import { posix, win32 } from "node:path";
import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { expectSafePath, isSafePath } from "./repo-path.js";

test("paths of files in repositories are safe", () => {
  for (const path of ["config.json", "1_Pooling/config.json", "a b/ü.txt", "..a/b..", ".gitattributes", "…"]) {
    expect(expectSafePath(path)).toBe(path);
  }
});

test("paths that lead elsewhere are refused, with the path in the message", () => {
  for (const path of ["", "..", "../x", "a/../b", "/etc/passwd", "a//b", "a/", "./a", "a\\b", "C:x", "a\0b", "a\nb"]) {
    expect(() => expectSafePath(path)).toThrow(JSON.stringify(path));
  }
  expect(isSafePath("a".repeat(256))).toBe(false);
  expect(isSafePath("a/".repeat(600))).toBe(false);
});

test("a safe path stays in its folder on every system", () => {
  const pieces = fc.constantFrom("a", ".", "..", "/", "\\", "C:", "\0", " ", "~", "con");
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(pieces, { maxLength: 8 }).map((parts) => parts.join("")),
      ),
      (path) => {
        if (!isSafePath(path)) return;
        expect(posix.resolve("/cache/snapshot", path).startsWith("/cache/snapshot/")).toBe(true);
        expect(win32.resolve("D:\\cache\\snapshot", path).startsWith("D:\\cache\\snapshot\\")).toBe(true);
      },
    ),
    { numRuns: 2000 },
  );
});
