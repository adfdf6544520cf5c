import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { Command } from "commander";
import { settingsInForce } from "../commands/config.js";
import { convertDefinition } from "../definitions/convert.js";
import { commonOptions, encoderOptions, modelOptions } from "../definitions/options.js";
import { applySettings } from "./apply-settings.js";
import { type ConfigFile, configPath, readConfigFile } from "./config-file.js";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "bertkit-settings-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function fileOf(text: string): Promise<ConfigFile> {
  const path = join(folder, "config.toml");
  await writeFile(path, text);
  return readConfigFile(["encode", "tokenize", "eval", "eval.encode", "eval.tag"], { BERTKIT_CONFIG: path });
}

const nothing: ConfigFile = { path: "config.toml", exists: false, shared: new Map(), commands: new Map() };

function optionsOf(args: readonly string[], file: ConfigFile, environment: NodeJS.ProcessEnv): Record<string, unknown> {
  const command = commonOptions(encoderOptions(modelOptions(new Command("encode"))), "write JSON");
  command.option("--normalize").option("--no-normalize");
  command.exitOverride().parse(args, { from: "user" });
  applySettings(command, file, environment);
  return command.opts();
}

describe("a setting's value", () => {
  test("is the flag's, else the environment's, else the file's under the command, else the file's", async () => {
    const file = await fileOf('device = "wasm"\nmodel = "in/file"\nbatch-tokens = 64\n[encode]\nbatch-tokens = 32\n');
    expect(optionsOf([], file, {})).toMatchObject({ device: "wasm", model: "in/file", batchTokens: 32 });
    const environment = { BERTKIT_MODEL: "in/environment", BERTKIT_BATCH_TOKENS: "16" };
    expect(optionsOf([], file, environment)).toMatchObject({ model: "in/environment", batchTokens: 16 });
    expect(optionsOf(["--model", "in/flag"], file, environment)).toMatchObject({ model: "in/flag", batchTokens: 16 });
    expect(optionsOf([], nothing, {})).toEqual({ progress: true, color: true });
  });

  test("for a command under another is that of its own table or of the one above, not of its namesake's", async () => {
    const file = await fileOf(
      "batch-tokens = 1\n[encode]\nbatch-tokens = 2\nthreads = 2\n[eval]\nthreads = 3\n[eval.encode]\nbatch-tokens = 4\n",
    );
    const under = (name: string) => {
      const command = encoderOptions(modelOptions(new Command(name)));
      new Command("bertkit").addCommand(new Command("eval").addCommand(command));
      applySettings(command, file, {});
      return command.opts();
    };
    expect(under("encode")).toEqual({ batchTokens: 4, threads: 3 });
    expect(under("tag")).toEqual({ batchTokens: 1, threads: 3 });
    expect(optionsOf([], file, {})).toMatchObject({ batchTokens: 2, threads: 2 });
  });

  test("of a claim is true or false in all the usual words, and false undoes what the file says", async () => {
    for (const word of ["1", "true", "YES", "on"])
      expect(optionsOf([], nothing, { BERTKIT_QUIET: word }).quiet).toBe(true);
    for (const word of ["0", "false", "No", "off"])
      expect(optionsOf([], nothing, { BERTKIT_QUIET: word }).quiet).toBe(false);
    const file = await fileOf("offline = true\nprogress = false\nnormalize = false\n");
    expect(optionsOf([], file, {})).toMatchObject({ offline: true, progress: false, normalize: false });
    expect(optionsOf([], file, { BERTKIT_OFFLINE: "0" })).toMatchObject({ offline: false });
    expect(optionsOf(["--normalize"], file, {})).toMatchObject({ normalize: true });
  });

  test("is not a flag's that is only called like it: what convert writes is not what models are loaded in", async () => {
    const { command } = convertDefinition(new AbortController().signal);
    new Command("bertkit").addCommand(command);
    const file = await fileOf('precision = "int8"\noffline = true\n');
    applySettings(command, file, { BERTKIT_PRECISION: "int8" });
    expect(command.opts()).toMatchObject({ offline: true });
    expect(command.opts().precision).toBeUndefined();
  });

  test("that is empty in the environment is not there", () => {
    expect(optionsOf([], nothing, { BERTKIT_MODEL: "" }).model).toBeUndefined();
  });

  test.each([
    [{ BERTKIT_DEVICE: "abacus" }, 'BERTKIT_DEVICE is "abacus". Allowed choices are wasm, reference'],
    [{ BERTKIT_BATCH_TOKENS: "many" }, 'BERTKIT_BATCH_TOKENS is "many". Wanted a whole number above 0'],
    [{ BERTKIT_QUIET: "perhaps" }, 'BERTKIT_QUIET is "perhaps", wanted true or false'],
  ])("that the flag would refuse is refused, with the place: %j", (environment, sentence) => {
    expect(() => optionsOf([], nothing, environment)).toThrow(sentence);
  });
});

describe("the configuration file", () => {
  test("lies where BERTKIT_CONFIG says, else in the folder for configuration", () => {
    expect(configPath({ BERTKIT_CONFIG: "/a/b.toml" })).toBe("/a/b.toml");
    expect(configPath({ XDG_CONFIG_HOME: "/x" })).toBe(join("/x", "bertkit", "config.toml"));
    expect(configPath({})).toMatch(/\.config.bertkit.config\.toml$/);
  });

  test("need not be there, unless it was named", async () => {
    expect(await readConfigFile([], { XDG_CONFIG_HOME: folder })).toMatchObject({ exists: false });
    const named = readConfigFile([], { BERTKIT_CONFIG: join(folder, "none.toml") });
    await expect(named).rejects.toThrow(/none\.toml: no such file/);
  });

  test.each([
    ["devise = 1", "there is no setting devise", "did you mean device?"],
    ["[encoed]\nmodel = 'a'", "there is no setting [encoed]", "did you mean encode?"],
    ["[encode]\nmodell = 'a'", "there is no setting encode.modell", "did you mean model?"],
    ["[eval.tga]\nmodel = 'a'", "there is no setting [eval.tga]", "did you mean eval.tag?"],
    ["[encode]\nmodel = { a = 1 }", "encode.model wants a text, a number, true or false", "bertkit config"],
    ["model = ['a']", "model wants a text, a number, true or false", "bertkit config"],
    ["model =", ":1: this is not TOML", "settings are lines"],
    ["device = true", "device wants a value, got true", "it stands for --device"],
  ])("that is wrong is one sentence with its path and what to do: %j", async (text, sentence, hint) => {
    const problem = await fileOf(text).then(
      (file) => {
        try {
          return optionsOf([], file, {});
        } catch (error) {
          return error;
        }
      },
      (error: unknown) => error,
    );
    expect(problem).toMatchObject({ message: expect.stringContaining(sentence), hint: expect.stringContaining(hint) });
    expect((problem as Error).message).toContain("config.toml");
  });
});

test("all settings are listed with where they come from, also those of single commands", async () => {
  const file = await fileOf('model = "in/file"\n[encode]\nbatch-tokens = 32\n');
  const command = encoderOptions(modelOptions(new Command("encode")));
  const found = settingsInForce([command], file, { BERTKIT_DEVICE: "wasm" });
  expect(found).toEqual([
    { name: "model", value: "in/file", source: "file", command: undefined },
    { name: "offline", value: undefined, source: "default", command: undefined },
    { name: "device", value: "wasm", source: "environment", command: undefined },
    { name: "precision", value: undefined, source: "default", command: undefined },
    { name: "threads", value: undefined, source: "default", command: undefined },
    { name: "batch-tokens", value: undefined, source: "default", command: undefined },
    { name: "batch-tokens", value: 32, source: "file", command: "encode" },
    { name: "max-length", value: undefined, source: "default", command: undefined },
  ]);
});

test("settings of a command under another are listed by its table", async () => {
  const file = await fileOf('[eval]\ndevice = "wasm"\n[eval.tag]\nbatch-tokens = 8\n');
  const [tag, encode] = ["tag", "encode"].map((name) => encoderOptions(new Command(name)));
  new Command("bertkit").addCommand(new Command("eval").addCommand(tag!).addCommand(encode!));
  const found = settingsInForce([tag!, encode!], file, {});
  expect(found.filter(({ source }) => source === "file")).toEqual([
    { name: "device", value: "wasm", source: "file", command: "eval.tag" },
    { name: "device", value: "wasm", source: "file", command: "eval.encode" },
    { name: "batch-tokens", value: 8, source: "file", command: "eval.tag" },
  ]);
});
