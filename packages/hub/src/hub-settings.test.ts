import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { failureOf } from "./fixtures/scene.js";
import { accessOf, hubSettings } from "./hub-settings.js";

const names = /^(HF_|HUGGING|XDG_CACHE_HOME|TRANSFORMERS_OFFLINE)/;
const before = { ...process.env };
let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "hub-settings-"));
});
afterAll(async () => {
  for (const name of Object.keys(process.env)) if (names.test(name)) delete process.env[name];
  Object.assign(process.env, before);
  await rm(folder, { recursive: true });
});
beforeEach(() => {
  for (const name of Object.keys(process.env)) if (names.test(name)) delete process.env[name];
  process.env.HF_TOKEN_PATH = join(folder, "none");
});

test("with nothing set, it is Hugging Face's hub, its folder, online, and no token", async () => {
  expect(await hubSettings()).toEqual({
    endpoint: "https://huggingface.co",
    cacheFolder: join(homedir(), ".cache", "huggingface", "hub"),
    offline: false,
    tokenSource: undefined,
  });
});

test("the cache's folder is the first that is named, in huggingface_hub's order", async () => {
  const found: (string | undefined)[] = [];
  const note = async (options = {}) => found.push((await hubSettings(options)).cacheFolder);
  process.env.XDG_CACHE_HOME = "/xdg";
  await note();
  process.env.HF_HOME = "~/home";
  await note();
  process.env.HUGGINGFACE_HUB_CACHE = "/old";
  await note();
  process.env.HF_HUB_CACHE = "$HF_HOME/new";
  await note();
  process.env.HF_HUB_CACHE = "";
  await note();
  await note({ cacheFolder: "/option" });
  expect(found).toEqual([
    "/xdg/huggingface/hub",
    join(homedir(), "home/hub"),
    "/old",
    join(homedir(), "home/new"),
    "/old",
    "/option",
  ]);
});

test("the token comes from an option, a variable or a file, and its source is told, not the token", async () => {
  const found: (string | undefined)[][] = [];
  const note = async (options = {}) => {
    const { token, tokenSource } = await accessOf(options);
    found.push([token, tokenSource]);
  };
  process.env.HF_TOKEN_PATH = join(folder, "token");
  await writeFile(join(folder, "token"), "hf_file\n");
  await note();
  process.env.HUGGING_FACE_HUB_TOKEN = "hf_old";
  await note();
  process.env.HF_TOKEN = " hf_new ";
  await note();
  await note({ token: "hf_option" });
  await note({ token: false });
  process.env.HF_HUB_DISABLE_IMPLICIT_TOKEN = "1";
  await note();
  expect(found).toEqual([
    ["hf_file", join(folder, "token")],
    ["hf_old", "HUGGING_FACE_HUB_TOKEN"],
    ["hf_new", "HF_TOKEN"],
    ["hf_option", "option"],
    [undefined, undefined],
    [undefined, undefined],
  ]);
  expect(JSON.stringify(await hubSettings({ token: "hf_secret" }))).not.toContain("hf_secret");
});

test("offline is what huggingface_hub takes for yes", async () => {
  process.env.HF_HUB_OFFLINE = "0";
  expect((await hubSettings()).offline).toBe(false);
  process.env.HF_HUB_OFFLINE = "Yes";
  expect((await hubSettings()).offline).toBe(true);
  expect((await hubSettings({ offline: false })).offline).toBe(false);
});

test("an address or a token that cannot be is refused without being shown", async () => {
  expect((await hubSettings({ endpoint: "http://localhost:80/hub/?x=1" })).endpoint).toBe("http://localhost/hub");
  for (const endpoint of ["ftp://x", "huggingface.co", "https://user:secret@x"]) {
    const error = await failureOf(hubSettings({ endpoint }));
    expect(error).toMatchObject({ code: "argument", hint: expect.any(String) });
    expect(String(error)).not.toContain("secret");
  }
  const error = await failureOf(hubSettings({ token: "hf_sec\nret" }));
  expect(error).toMatchObject({ code: "argument" });
  expect(String(error)).not.toContain("hf_sec");
});
