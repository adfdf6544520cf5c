import { readdir, readFile, realpath, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { tinyModelFiles } from "@bertkit-tooling/fixtures";
import { type Hub, startHub } from "@bertkit-tooling/hub-server";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { rowsOf, useCommandLine } from "../fixtures/command-line.js";

const line = useCommandLine();
const name = "sentence-transformers/all-MiniLM-L6-v2";
let hub: Hub;
beforeEach(async () => {
  hub = await startHub({
    models: new Map([
      [name, tinyModelFiles()],
      ["acme/other-model", tinyModelFiles({ seed: 5 })],
    ]),
    token: "hf_secret",
  });
});
afterEach(() => hub.close());

/** A machine on which nothing has been fetched, and nothing is set but the hub's address. */
const fresh = (changes: NodeJS.ProcessEnv = {}): { environment: NodeJS.ProcessEnv } => ({
  environment: { HF_ENDPOINT: hub.url, HF_HOME: line.path("hf"), BERTKIT_MODEL: "", ...changes },
});

async function weightsIn(folder: string): Promise<string> {
  const snapshots = join(folder, "hub", `models--${name.replace("/", "--")}`, "snapshots");
  const [commit] = await readdir(snapshots);
  return realpath(join(snapshots, commit!, "model.safetensors"));
}

describe("a model that is named and not there", () => {
  test("is fetched, with a sentence that says what, how large and where to; the second run asks nobody", async () => {
    const first = await line.run(["encode", "hello"], fresh());
    expect(first.code).toBe(0);
    expect(first.err).toMatch(
      new RegExp(`^note: fetching ${name}: \\d+\\.\\d kB from 127\\.0\\.0\\.1:\\d+ to .*hf.hub\\n$`),
    );
    expect(hub.requests.length).toBeGreaterThan(3);
    hub.forgetRequests();
    const second = await line.run(["encode", "hello"], fresh());
    expect(second).toEqual({ code: 0, out: first.out, err: "" });
    expect(hub.requests).toEqual([]);
  });

  test("is an error with --offline that says what to do, and once fetched it is none", async () => {
    const before = await line.run(["encode", "--offline", "hello"], fresh());
    expect(before).toMatchObject({ code: 1, out: "" });
    expect(before.err).toMatch(/^error: .*network.*\nhint: .*online.*\n$/);
    await line.run(["encode", "hello"], fresh());
    hub.forgetRequests();
    for (const environment of [{}, { HF_HUB_OFFLINE: "1" }, { BERTKIT_OFFLINE: "1" }]) {
      const args = Object.keys(environment).length === 0 ? ["encode", "--offline", "hello"] : ["encode", "hello"];
      expect(await line.run(args, fresh(environment))).toMatchObject({ code: 0, err: "" });
    }
    expect(hub.requests).toEqual([]);
  });

  test("is fetched again where its bytes in the cache have changed, and a note says so", async () => {
    const { out } = await line.run(["encode", "hello"], fresh());
    const weights = await weightsIn(line.path("hf"));
    const bytes = await readFile(weights);
    await writeFile(weights, bytes.fill(7, 2000, 3000));
    const offline = await line.run(["encode", "--offline", "hello"], fresh());
    expect(offline).toMatchObject({ code: 1, err: expect.stringContaining("damaged") });
    const again = await line.run(["encode", "hello"], fresh());
    expect(again).toMatchObject({ code: 0, out });
    expect(again.err).toMatch(/^note: fetching .* again, .*model\.safetensors.*\n$/);
  });

  test("has suggestions where its name is nearly right", async () => {
    const wrong = await line.run(["encode", "--model", "sentence-transformers/all-MiniLM-L6-v3", "a"], fresh());
    expect(wrong.code).toBe(1);
    expect(wrong.err).toMatch(/^error: .*all-MiniLM-L6-v3.*\nhint: did you mean .*all-MiniLM-L6-v2.*\? .*HF_TOKEN/);
    const half = await line.run(["encode", "--model", "all-MiniLM-L6-v2", "a"], fresh());
    expect(half.err).toMatch(/\nhint: did you mean sentence-transformers\/all-MiniLM-L6-v2/);
  });

  test("is waited for where the hub is busy, and a note says so", async () => {
    const busy = { kind: "status", status: 429, headers: { "retry-after": "1" } } as const;
    hub.faults.add({ path: /\/revision\//, times: 1, mishap: busy });
    const { code, err } = await line.run(["encode", "hello"], fresh());
    expect(code).toBe(0);
    expect(err).toMatch(/^note: .*; try 2 of 5 in 1\.0 s\nnote: fetching /);
  });

  test("never shows the token, not even in a stack", async () => {
    hub.faults.add({ path: /./, server: "hub", times: 99, mishap: { kind: "status", status: 403 } });
    const { code, err } = await line.run(["encode", "--verbose", "a"], fresh({ HF_TOKEN: "hf_secret" }));
    expect(code).toBe(1);
    expect(err).toMatch(/^error: [\s\S]*\nhint: /);
    expect(err).not.toContain("hf_secret");
  });
});

describe("bertkit models", () => {
  test("fetches, lists, checks and removes", async () => {
    const download = await line.run(["models", "download", name, "acme/other-model"], fresh());
    expect(download.code).toBe(0);
    expect(download.out.trim().split("\n")).toHaveLength(2);
    const { out } = await line.run(["models", "list"], fresh());
    expect(out).toMatch(/^acme\/other-model +[0-9a-f]{8} +\d+\.\d kB +\d+ files\nsentence-transformers\/all-MiniLM/);
    const list = JSON.parse((await line.run(["models", "list", "--json"], fresh())).out);
    expect(list.map((model: { name: string }) => model.name)).toEqual(["acme/other-model", name]);
    expect(await line.run(["models", "verify"], fresh())).toMatchObject({ code: 0, err: "" });

    await writeFile(await weightsIn(line.path("hf")), "nonsense");
    const verdict = await line.run(["models", "verify"], fresh());
    expect(verdict).toMatchObject({ code: 1, err: "" });
    expect(verdict.out).toMatch(/✗ sentence-transformers.*\n {2}model\.safetensors: damaged/);

    expect(await line.run(["models", "remove", name], fresh())).toMatchObject({ code: 0 });
    expect((await line.run(["models", "list"], fresh())).out).not.toContain(name);
    const gone = await line.run(["models", "remove", name], fresh());
    expect(gone.err).toMatch(/^error: .*is not in the cache.*\nhint: .+\n$/);
  });

  test("has something to say of an empty cache too", async () => {
    const { code, out } = await line.run(["models", "list"], fresh());
    expect({ code, out }).toEqual({ code: 0, out: expect.stringMatching(/^No models in .*models download NAME/) });
  });
});

describe("bertkit doctor", () => {
  test("says what would be used and why, and no secret", async () => {
    const environment = {
      HF_TOKEN: "hf_secret",
      HTTPS_PROXY: "http://user:password@127.0.0.1:1",
      BERTKIT_CONFIG: line.path("config.toml"),
      BERTKIT_NOTE: "https://user:password@example.org/model?signature=hf_secret",
    };
    await line.put("config.toml", "");
    const { code, out } = await line.run(["doctor"], fresh(environment));
    expect(code).toBe(0);
    expect(out).toMatch(/Node +v\d+/);
    expect(out).toMatch(/→ wasm/);
    expect(out).toMatch(/token +from HF_TOKEN\n/);
    expect(out).toMatch(/proxy +HTTPS_PROXY set\n/);
    expect(out).toMatch(/would be used +sentence-transformers\/all-MiniLM-L6-v2 \(the default\)\n +ready +no: /);
    expect(out).not.toMatch(/hf_secret|password/);
    expect(hub.requests).toEqual([]);
    await line.run(["encode", "a"], fresh());
    const json = JSON.parse((await line.run(["doctor", "--json"], fresh())).out);
    expect(json.model).toMatchObject({ ready: "yes" });
  });
});

test("a commit may be named, and is used without asking for a newer one", async () => {
  const args = ["encode", "--model", `${name}@${hub.commitOf(name)}`, "hello"];
  const { code, out } = await line.run(args, fresh());
  expect({ code, rows: rowsOf(out).length }).toEqual({ code: 0, rows: 1 });
  await hub.update(name, tinyModelFiles({ seed: 9 }));
  expect((await line.run(args, fresh())).out).toBe(out);
  expect((await line.run(["encode", "--model", name, "hello"], fresh())).out).not.toBe(out);
});
