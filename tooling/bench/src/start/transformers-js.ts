// Program: a model folder, precision, text → the text's vector, with transformers.js.
import { inputOfChild } from "../in-child.js";
import { openTransformersJs } from "../rivals/transformers-js.js";
import { reportFirstVector } from "./first-vector.js";
import type { StartInput } from "./start-report.js";

const { model, text, ids, precision, threads } = inputOfChild<StartInput>();
const encoder = await openTransformersJs(model, precision, threads);
const { vectors } = await encoder.encode([text]);
reportFirstVector(Array.from(vectors[0]!), ids);
