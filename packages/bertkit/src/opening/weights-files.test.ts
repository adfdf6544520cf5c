import { expect, test } from "@jest/globals";
import { findWeights, weightsAt } from "./weights-files.js";

/** A repository of these texts. */
const repoOf = (files: Readonly<Record<string, string>>) => ({
  has: async (path: string) => path in files,
  readText: async (path: string) => files[path],
});

const state = { checkpoint: 'model_checkpoint_path: "/home/me/model.ckpt-20"\nall_model_checkpoint_paths: "old"\n' };
const twenty = { "model.ckpt-20.index": "", "model.ckpt-20.data-00000-of-00001": "" };
const google = { "bert_model.ckpt.index": "", "bert_model.ckpt.data-00000-of-00002": "" };

test.each([
  ["safetensors before PyTorch", { "pytorch_model.bin": "", "model.safetensors": "" }, ["model.safetensors"]],
  ["PyTorch before TensorFlow", { ...google, "pytorch_model.bin": "" }, ["pytorch_model.bin"]],
  [
    "TensorFlow before NumPy, its data in as many files as there are",
    { ...google, "model.npz": "" },
    ["bert_model.ckpt.index", "bert_model.ckpt.data-00000-of-00002", "bert_model.ckpt.data-00001-of-00002"],
  ],
  [
    "the checkpoint that training called its latest",
    { ...google, ...state, ...twenty },
    ["model.ckpt-20.index", "model.ckpt-20.data-00000-of-00001", "checkpoint"],
  ],
  [
    "the usual one where the latest is gone",
    { ...google, ...state },
    ["bert_model.ckpt.index", "bert_model.ckpt.data-00000-of-00002", "bert_model.ckpt.data-00001-of-00002"],
  ],
  [
    "an index with its shards, each once",
    { "pytorch_model.bin.index.json": '{"weight_map":{"a":"1.bin","b":"2.bin","c":"1.bin"}}' },
    ["pytorch_model.bin.index.json", "1.bin", "2.bin"],
  ],
])("%s", async (_, files, expected) => {
  expect(await findWeights("", repoOf(files), "here")).toEqual(expected);
});

test("a folder that can be listed has the checkpoint of its latest step", async () => {
  const ten = { "ckpt/model.ckpt-10.index": "", "ckpt/model.ckpt-10.data-00000-of-00001": "" };
  const nine = { "ckpt/model.ckpt-9.index": "", "ckpt/model.ckpt-9.data-00000-of-00001": "" };
  const files = { ...ten, ...nine, "ckpt/model.ckpt-11.index": "" };
  const list = async () => Object.keys(files).map((path) => path.slice("ckpt/".length));
  expect(await findWeights("ckpt", { ...repoOf(files), list }, "here")).toEqual(Object.keys(ten));
  await expect(findWeights("ckpt", repoOf(files), "here")).rejects.toThrow(/none of/);
});

test("a folder's files are those inside it, and so are the shards of an index", async () => {
  const index = "2_Dense/model.safetensors.index.json";
  const repo = repoOf({ "model.safetensors": "", [index]: '{"weight_map":{"a":"1.safetensors"}}' });
  expect(await findWeights("2_Dense", repo, "here")).toEqual([index, "2_Dense/1.safetensors"]);
});

test("what is named is a file, an index or a prefix", async () => {
  const repo = repoOf({ ...google, "my.bin": "" });
  expect(await weightsAt("my.bin", repo, "here")).toEqual(["my.bin"]);
  expect(await weightsAt("bert_model.ckpt", repo, "here")).toHaveLength(3);
  expect(await weightsAt("other.ckpt", repo, "here")).toBeUndefined();
  expect(await weightsAt("other.bin", repo, "here")).toBeUndefined();
});

test.each([
  ["no weights", {}, /^here\/2_Dense: .*none of model\.safetensors, .*bert_model\.ckpt\.index, .*model\.npz/],
  ["no data", { "2_Dense/bert_model.ckpt.index": "" }, /there is no 2_Dense\/bert_model\.ckpt\.data-00000-of-00001/],
  ["no map", { "2_Dense/model.safetensors.index.json": "{}" }, /weight_map names no files/],
  ["no JSON", { "2_Dense/model.safetensors.index.json": "{" }, /it is not JSON/],
])("%s is one sentence", async (_, files, message) => {
  await expect(findWeights("2_Dense", repoOf(files), "here")).rejects.toThrow(message);
});
