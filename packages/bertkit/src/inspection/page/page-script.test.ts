import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { pageScript, scriptHash } from "./page-script.js";
import { pageStyle, styleHash } from "./page-style.js";

const tsc = join(createRequire(import.meta.url).resolve("typescript/package.json"), "../bin/tsc");
const flags = ["--ignoreConfig", "--noEmit", "--checkJs", "--strict", "--noUncheckedIndexedAccess", "--noUnusedLocals"];
const platform = ["--target", "es2022", "--lib", "es2022,dom,dom.iterable", "--types", ""];

describe("the page's script and style", () => {
  let folder = "";
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "bertkit-"));
  });
  afterEach(() => rm(folder, { recursive: true }));

  /** What the compiler says of it. */
  async function check(script: string): Promise<string> {
    const path = join(folder, "page.js");
    await writeFile(path, script);
    const run = promisify(execFile)(process.execPath, [tsc, ...flags, ...platform, path]);
    return run.then(
      ({ stdout }) => stdout,
      ({ stdout }) => stdout,
    );
  }

  test("the script's types fit", async () => {
    expect(await check(pageScript)).toBe("");
    expect(await check(pageScript.replace("drawText();\n", "drawText(1);\n"))).toMatch(/TS2554/);
  }, 120_000);

  test("the script can stand in its element as it is, and the style in its own", () => {
    expect(pageScript).not.toMatch(/<\/script|<!--/i);
    expect(pageStyle).not.toMatch(/<\/style/i);
  });

  test("neither names anything to load", () => {
    expect(pageScript).not.toMatch(/https?:|\bfetch\b|\bimport\b|XMLHttpRequest|WebSocket|innerHTML|\beval\b/);
    expect(pageStyle).not.toMatch(/url\(|@import|@font-face/);
  });

  test("the policy's hashes are theirs", () => {
    const hashOf = (text: string): string => `sha256-${createHash("sha256").update(text).digest("base64")}`;
    expect(scriptHash).toBe(hashOf(pageScript));
    expect(styleHash).toBe(hashOf(pageStyle));
  });
});
