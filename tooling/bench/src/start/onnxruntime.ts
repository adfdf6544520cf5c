// Program: ONNX file, token ids → their vector. It is spared the tokenizer.
import { openOnnxEncoder } from "../onnx-encoder.js";
import { padded } from "../sentence-cases.js";
import { reportFirstVector } from "./first-vector.js";

const [model, list] = process.argv.slice(2) as [string, string];
const ids = Int32Array.from(list.split(","), Number);
const encoder = await openOnnxEncoder(model, 1);
reportFirstVector(await encoder.encode(padded([ids])), ids);
