import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { modelName } from "./model-files.js";
import { runUnder } from "./node-version.js";
import { readCommandLine } from "./options.js";
import { programs, withoutModel } from "./programs.js";
import { report } from "./report/report.js";

const help = `Measures bertkit against its rivals, interleaved in one run.

  bench encode --model FOLDER         token ids and texts to sentence vectors, against every rival and ourselves
  bench kernels --model FOLDER        products at the model's shapes, and a forward pass by kernel
  bench start --model FOLDER          process start to the first vector, and memory then
  bench memory --model FOLDER         memory over many texts in a loop, and what an idle pool takes
  bench load                          opening and loading BERT-base from every container, from disk and the web
  bench onnx                          our ONNX in transformers.js, against the golden vectors
  bench answer --model FOLDER         questions of SQuAD answered with a random head, against transformers' pipeline
  bench tokenizer                     texts to ids, loading a tokenizer.json, worker threads
  bench command-line --model FOLDER   starts, memory of a long pipe, kills and resumes
  bench report [FILES]                tables and plots of docs/performance.md from results (all of results/)

  --model FOLDER       made by tooling/export-onnx: a sentence-transformers model and its ONNX files
  --int8-model FOLDER  the same model, quantised by bertkit quantize (start, memory)
  --threads LIST       of both sides (1,2)
  --precision LIST     (float32,int8)
  --against LIST       rivals of encode and memory
                       (onnxruntime-node,onnxruntime-web,transformers.js,sentence-transformers,bertkit)
  --cases LIST         of encode, on token ids (1x128,8x128,mixed)
  --rounds N           counted rounds (20; start, tokenizer: 10; load: 3; texts of encode, answer: one pass over
                       the dev set)
  --warm-up N          rounds before them (3; tokenizer: 2; start, answer: 1)
  --texts N            through the loop of memory (100000)
  --lines N            through the pipe of command-line (1000000)
  --python PATH        a Python with sentence-transformers; for answer, transformers 4; for tokenizer, tokenizers; for
                       load, torch and safetensors (python3)
  --node VERSION       which Node, from npm; "this" for the one at hand (26.10.0)
  --json FILE          where to write the result (results/PROGRAM-MODEL-node-VERSION.json)`;

async function main(): Promise<void> {
  const args = process.argv.slice(2);
  const { program: name, files, options, node, json, help: wantsHelp } = readCommandLine(args);
  if (wantsHelp) return console.log(help);
  if (name === "report") return report(files);
  const program = programs.get(name);
  const lacksModel = options.model === "" && !withoutModel.has(name);
  if (!program || lacksModel || files.length > 0) throw new Error(help);
  const exitCode = runUnder(node, args);
  if (exitCode !== undefined) {
    process.exitCode = exitCode;
    return;
  }
  const { result, text } = await program(options);
  console.log(text);
  const path = json ?? defaultPath(name, options.model);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${JSON.stringify(result, undefined, 2)}\n`);
  console.error(`written to ${relative(process.cwd(), path)}`);
}

const defaultPath = (program: string, model: string): string =>
  fileURLToPath(
    new URL(
      `../results/${[program, ...(model === "" ? [] : [modelName(model)])].join("-")}-node-${process.versions.node}.json`,
      import.meta.url,
    ),
  );

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
