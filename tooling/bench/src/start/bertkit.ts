// Program: model folder, text → the text's vector, the way the README does it.
import { loadSentenceEncoder } from "bertkit";
import { reportFirstVector } from "./first-vector.js";

const [model, text] = process.argv.slice(2) as [string, string];
const encoder = await loadSentenceEncoder(model);
const [vector] = await encoder.encode([text]);
reportFirstVector(vector!, encoder.tokenizer.encode(text).ids);
