import { describe, expect, test } from "@jest/globals";
import { MemoryFolder } from "../fixtures/memory-folder.js";
import { latestCheckpoint } from "./latest-checkpoint.js";

/** A folder of empty files and, where one is given, the file `checkpoint`. */
function folderOf(names: readonly string[], state?: string, listed = true): MemoryFolder {
  const files = new Map(names.map((name) => [name, new Uint8Array(0)]));
  if (state !== undefined) files.set("checkpoint", new TextEncoder().encode(state));
  return new MemoryFolder(files, listed);
}

async function nameOfLatest(folder: MemoryFolder): Promise<string | undefined> {
  const latest = await latestCheckpoint(folder);
  expect(folder.opened).toBe(0);
  return latest?.fileName;
}

const three = [1, 20, 3].flatMap((step) => [`m.ckpt-${step}.index`, `m.ckpt-${step}.data-00000-of-00001`]);
const naming = (path: string) => `model_checkpoint_path: "${path}"\n`;

describe("the latest checkpoint of a folder", () => {
  test.each(["m.ckpt-3", "/home/somebody/model/m.ckpt-3", "../m.ckpt-3", "C:\\\\models\\\\m.ckpt-3"])(
    "is the one in it that its file `checkpoint` names: %s",
    async (path) => {
      expect(await nameOfLatest(folderOf([...three, "bert_model.ckpt.index"], naming(path)))).toBe("m.ckpt-3.index");
    },
  );

  test.each(["..", "elsewhere/", "", "stream:m", "gone.ckpt"])(
    "is Google's where `checkpoint` names no file of it: %j",
    async (path) => {
      const names = [...three, "bert_model.ckpt.index"];
      expect(await nameOfLatest(folderOf(names, naming(path), false))).toBe("bert_model.ckpt.index");
    },
  );

  test("is else that of the last step, by number, whose data is all there", async () => {
    const partial = ["m.ckpt-300.index", "m.ckpt-300.data-00000-of-00002", "m.ckpt-400.index"];
    expect(await nameOfLatest(folderOf([...three, ...partial]))).toBe("m.ckpt-20.index");
    const whole = [...partial, "m.ckpt-300.data-00001-of-00002"];
    expect(await nameOfLatest(folderOf([...three, ...whole]))).toBe("m.ckpt-300.index");
    expect(await nameOfLatest(folderOf(["m.index", "m.data-00000-of-00001"]))).toBe("m.index");
  });

  test("is not there where nothing is, or what is there cannot be listed", async () => {
    expect(await nameOfLatest(folderOf([]))).toBeUndefined();
    expect(await nameOfLatest(folderOf(["a.index", "a.data-00000-of-99999"]))).toBeUndefined();
    expect(await nameOfLatest(folderOf(three, undefined, false))).toBeUndefined();
  });

  test("is not named by a file `checkpoint` that is large, and something else", async () => {
    const folder = folderOf([...three, "bert_model.ckpt.index"], naming("m.ckpt-3") + " ".repeat(2 ** 20));
    expect(await nameOfLatest(folder)).toBe("bert_model.ckpt.index");
  });
});
