// Program: a model folder, precision, token ids → their vector. It is spared the tokenizer.
import { padded } from "../encode/sentence-cases.js";
import { inputOfChild } from "../in-child.js";
import { onnxFile } from "../model-files.js";
import { openOnnxEncoder } from "../rivals/onnx-encoder.js";
import { reportFirstVector } from "./first-vector.js";
import type { StartInput } from "./start-report.js";

const { model, ids, precision, threads } = inputOfChild<StartInput>();
const encoder = await openOnnxEncoder("onnxruntime-node", onnxFile(model, precision), threads);
reportFirstVector(await encoder.encode(padded([Int32Array.from(ids)])), ids);
