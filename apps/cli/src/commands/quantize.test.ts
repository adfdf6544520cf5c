import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { rowsOf, useCommandLine } from "../fixtures/command-line.js";

const line = useCommandLine();
const texts = ["hello", "a cat sat on the mat"];

describe("bertkit quantize", () => {
  test("writes a folder that --model takes, with the vectors of --precision int8", async () => {
    const { code, out, err } = await line.run(["quantize", "--output", "int8"]);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toMatch(/^int8: .*tiny in int8, [\d.]+ kB of weights are [\d.]+ kB\n$/);
    const wanted = await line.run(["encode", "--precision", "int8", ...texts]);
    expect(wanted.code).toBe(0);
    expect(await line.run(["encode", "--model", "int8", ...texts])).toEqual(wanted);
    expect((await line.run(["encode", ...texts])).out).not.toBe(wanted.out);
    const info = JSON.parse((await line.run(["info", "--json", "int8"])).out);
    const before = JSON.parse((await line.run(["info", "--json"])).out);
    expect(info).toMatchObject({ dtypes: ["float32", "int8"], parameters: before.parameters });
  });

  test("says the same as JSON", async () => {
    const { out } = await line.run(["quantize", join(line.models, "tiny"), "-o", "deep/er/int8", "--json"]);
    const found = JSON.parse(out);
    expect(found).toMatchObject({ folder: "deep/er/int8", precision: "int8", model: join(line.models, "tiny") });
    expect(found.bytes).toBeLessThan(0.5 * found.bytesBefore);
  });

  test("replaces what is there only with --overwrite, and never what is no model", async () => {
    await line.run(["quantize", "--output", "int8"]);
    const refused = await line.run(["quantize", "--output", "int8"]);
    expect(refused).toMatchObject({ code: 1, out: "" });
    expect(refused.err).toMatch(
      /^error: the folder .*int8 is not empty.*\nhint: name another folder; --overwrite .*\n$/,
    );
    expect(await line.run(["quantize", "--output", "int8", "--overwrite"])).toMatchObject({ code: 0, err: "" });
    await line.put("int8/thesis.txt", "the only copy");
    const lossy = await line.run(["quantize", "--output", "int8", "--overwrite"]);
    expect(lossy).toMatchObject({ code: 1, err: expect.stringContaining("would lose thesis.txt") });
    expect(await readdir(line.folder)).toEqual(["int8"]);
  });

  test("wants an output, and a model that there is", async () => {
    expect(await line.run(["quantize"])).toMatchObject({ code: 2, err: expect.stringContaining("--output <folder>") });
    const missing = await line.run(["quantize", "./nowhere", "--output", "int8"]);
    expect(missing).toMatchObject({ code: 1, err: expect.stringContaining("there is no folder ./nowhere") });
    expect(await readdir(line.folder)).toEqual([]);
  });
});

describe("--precision", () => {
  test("int8 works for similar too, and in the environment", async () => {
    await line.put("texts.txt", "hello\nthe dog\n");
    const plain = await line.run(["similar", "hello", "--in", "texts.txt", "--json"]);
    const wanted = await line.run(["similar", "hello", "--in", "texts.txt", "--json", "--precision", "int8"]);
    expect(rowsOf(wanted.out).map(({ text }) => text)).toEqual(rowsOf(plain.out).map(({ text }) => text));
    expect(wanted.out).not.toBe(plain.out);
    const environment = { BERTKIT_PRECISION: "int8" };
    expect((await line.run(["similar", "hello", "--in", "texts.txt", "--json"], { environment })).out).toBe(wanted.out);
  });

  test("float32 of an int8 model is refused, with what to do", async () => {
    await line.run(["quantize", "--output", "int8"]);
    const { code, err } = await line.run(["encode", "--model", "int8", "--precision", "float32", "hello"]);
    expect(code).toBe(1);
    expect(err).toMatch(/^error: precision: the weights are int8, .*load the model that they were made from\nhint: /);
  });
});
