// Program: a model folder, precision, text → the text's vector, the way our own programs do it.
import { loadSentenceEncoder } from "bertkit";
import { inputOfChild } from "../in-child.js";
import { reportFirstVector } from "./first-vector.js";
import type { StartInput } from "./start-report.js";

const { model, text, precision, threads } = inputOfChild<StartInput>();
const options = { wide: true, precision, threads };
const encoder = await loadSentenceEncoder(model, options);
const [vector] = await encoder.encode([text]);
reportFirstVector(vector!, encoder.tokenizer.encode(text).ids);
encoder[Symbol.dispose]();
