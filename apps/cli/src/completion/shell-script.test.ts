import { spawn } from "node:child_process";
import { readdir } from "node:fs/promises";
import { describe, expect, test } from "@jest/globals";
import { collect, program, useCommandLine } from "../fixtures/command-line.js";

const line = useCommandLine();

describe("the script for bash", () => {
  /** What the Tab key offers after these words, as bash splits them. */
  async function offered(...words: string[]): Promise<string[]> {
    const script = (await line.run(["completion", "bash"])).out;
    const quoted = words.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(" ");
    const commands = `${script}
      bertkit() { "${process.execPath}" "${program}" "$@"; }
      COMP_WORDS=(bertkit ${quoted}); COMP_CWORD=${words.length}; _bertkit 2>/dev/null; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const child = spawn("bash", ["--norc", "-c", commands], { cwd: line.folder, env: line.environment() });
    const { out, err } = await collect(child);
    expect(err).toBe("");
    return out.split("\n").filter((word) => word !== "");
  }

  test("offers commands, flags and their values", async () => {
    expect(await offered("enc")).toEqual(["encode"]);
    expect(await offered("encode", "--output-")).toEqual(["--output-format", "--output-type"]);
    expect(await offered("encode", "--device", "")).toEqual(["wasm", "reference"]);
  });

  test("offers the rest of a value after =, which bash takes for a word of its own", async () => {
    expect(await offered("encode", "--device", "=", "ref")).toEqual(["reference"]);
    expect(await offered("encode", "--device", "=")).toEqual(["wasm", "reference"]);
  });

  test("runs nothing of what was typed", async () => {
    expect(await offered("encode", "$(touch typed)", "; touch typed", "`touch typed`", "--sta")).toEqual(["--stats"]);
    expect(await readdir(line.folder)).toEqual([]);
  });
});

test.each(["bash", "zsh", "fish"])("there is a script for %s", async (shell) => {
  const { code, out, err } = await line.run(["completion", shell]);
  expect({ code, err }).toEqual({ code: 0, err: "" });
  expect(out).toMatch(/bertkit complete -- /);
  expect(out).not.toMatch(/\beval\b/);
});
