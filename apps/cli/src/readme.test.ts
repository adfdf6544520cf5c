import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { tinyModelFiles } from "@bertkit-tooling/fixtures";
import { startHub } from "@bertkit-tooling/hub-server";
import { expect, test } from "@jest/globals";
import { collect, program, useCommandLine } from "./fixtures/command-line.js";

const line = useCommandLine();

test("the README's commands work as they stand, one after the other", async () => {
  await using hub = await startHub({
    models: new Map([["sentence-transformers/all-MiniLM-L6-v2", tinyModelFiles()]]),
  });
  const readme = await readFile(new URL("../README.md", import.meta.url), "utf8");
  const commands = /```sh\n([\s\S]*?)```/.exec(readme)?.[1] ?? "";
  await line.put("texts.txt", "one\ntwo\none\n");
  await line.put("reviews-1.csv.gz", gzipSync("id,review\n1,good\n"));
  await line.put("reviews-2.csv.gz", gzipSync("id,review\n2,bad\n"));
  const run = commands.replaceAll(/\bbertkit (?=[a-z])/g, `"${process.execPath}" "${program}" `);
  const environment = { HF_ENDPOINT: hub.url, HF_HOME: join(line.folder, "hf"), BERTKIT_MODEL: "" };
  const child = spawn("bash", ["-e", "-o", "pipefail", "-c", run], {
    cwd: line.folder,
    env: line.environment(environment),
  });
  const { code, out, err } = await collect(child);
  // What it loads, and later what only others read of a tokenizer, which a quantised folder has too.
  expect({ code, err }).toEqual({ code: 0, err: expect.stringMatching(/^(note: fetching .*\n){2}$/) });
  expect(out).toContain('{"text":"Eine schöne Bibliothek.","vector":[');
  expect(out).toContain("sentence-transformers/all-MiniLM-L6-v2");
  expect((await readFile(line.path("reviews.parquet"))).subarray(0, 4).toString()).toBe("PAR1");
}, 60_000);
