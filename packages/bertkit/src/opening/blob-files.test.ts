import { openCheckpoint } from "@bertkit/checkpoint";
import { tinyModelFiles } from "@bertkit-tooling/fixtures";
import { expect, test } from "@jest/globals";
import { blobFiles } from "./blob-files.js";
import { folderOf } from "./model-folder.js";

const tiny = tinyModelFiles({ dense: 3 });
const bytesOf = (path: string): Uint8Array => tiny.get(path) as Uint8Array;
const open = async (path: string): Promise<Blob> => new Blob([tiny.get(path) as BlobPart]);

test("files that are blobs are read as a folder is, weights by ranges", async () => {
  const folder = folderOf(blobFiles({ name: "ns/tiny", files: [...tiny.keys()], open }));
  expect(await folder.readJson("config.json")).toMatchObject({ model_type: "bert" });
  expect(await folder.readText("none.json")).toBeUndefined();
  const opened = await folder.openCheckpoint();
  const expected = await openCheckpoint(bytesOf("model.safetensors"));
  expect([...opened.entries.keys()]).toEqual([...expected.entries.keys()]);
  const [name] = [...expected.entries.keys()];
  expect(await opened.read(name!)).toEqual(await expected.read(name!));
  expect([...(await folder.folder("2_Dense").openCheckpoint()).entries.keys()].sort()).toEqual([
    "linear.bias",
    "linear.weight",
  ]);
});

test("a blob that was not selected is not there, so weights in shards are found by their index", async () => {
  const shards = new Map<string, string | Uint8Array>([
    ["model.safetensors.index.json", JSON.stringify({ weight_map: { "linear.bias": "part.safetensors" } })],
    ["part.safetensors", bytesOf("2_Dense/model.safetensors")],
  ]);
  const files = blobFiles({
    name: "ns/sharded",
    files: [...shards.keys()],
    open: async (path) => new Blob([shards.get(path) as BlobPart]),
  });
  expect([...(await files.openCheckpoint("")).entries.keys()]).toEqual(["linear.bias"]);
  const none = blobFiles({ name: "ns/none", files: [], open });
  await expect(none.openCheckpoint("")).rejects.toThrow(/no weights: none of model\.safetensors/);
});
