import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { Message } from "./message.js";
import { type Ending, watch } from "./watch.js";

describe("a watched process", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "bertkit-watch-"));
  });
  afterAll(() => rm(folder, { recursive: true }));

  async function run(how: string, stillSeconds = 30): Promise<{ ending: Ending; messages: Message[] }> {
    const order = { parser: how, seed: 1, from: 0, seconds: 1, progress: join(folder, how) };
    const messages: Message[] = [];
    const program = new URL("../fixtures/misbehave.js", import.meta.url);
    const ending = await watch(program, order, { stillSeconds, residentBytes: 2 ** 32 }, (message) => {
      messages.push(message);
    });
    return { ending, messages };
  }

  test("that ends well is done, and what it said has come", async () => {
    const { ending, messages } = await run("ends");
    expect(ending).toEqual({ kind: "done" });
    expect(messages).toEqual([{ kind: "tally", outcomes: [["read", 7]] }]);
  });

  test.each(["hangs", "waits"])("that %s over a case is ended, and the case named", async (how) => {
    const { ending } = await run(how, 1);
    expect(ending).toMatchObject({ kind: "broken", number: 7, problem: expect.stringContaining("no end in 1 s") });
  });

  test("that crashes over a case is found with that case", async () => {
    const { ending } = await run("crashes");
    expect(ending).toMatchObject({ kind: "broken", number: 7, problem: expect.stringContaining("SIGABRT") });
  });

  test("that throws over a case is found with what it threw", async () => {
    const { ending } = await run("throws");
    expect(ending).toMatchObject({ kind: "broken", problem: expect.stringContaining("something is not a function") });
  });

  test("that takes more memory than it may is ended", async () => {
    const order = { parser: "waits", seed: 1, from: 0, seconds: 1, progress: join(folder, "memory") };
    const program = new URL("../fixtures/misbehave.js", import.meta.url);
    const ending = await watch(program, order, { stillSeconds: 5, residentBytes: 2 ** 20 }, () => undefined);
    const problem = process.platform === "linux" ? /the process grew to \d+ MiB/ : /no end/;
    expect(ending).toMatchObject({ kind: "broken", problem: expect.stringMatching(problem) });
  });
});
