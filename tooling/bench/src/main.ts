import { parseArgs } from "node:util";
import { measureSentenceEncoder, type SentenceEncoderOptions, showSentenceEncoder } from "./sentence-encoder.js";
import { measureStartup, showStartup } from "./startup.js";

const help = `Measures bertkit against its rivals, interleaved in one run.

  node dist/main.js sentence-encoder --model FOLDER --onnx FILE   token ids to sentence vectors
  node dist/main.js startup --model FOLDER --onnx FILE            process start to the first vector, and memory

  --model FOLDER   a sentence-transformers model (BERT, mean pooling, normalised)
  --onnx FILE      the same model, made by tooling/export-onnx
  --rounds N       counted rounds (30; startup: 10)
  --warm-up N      rounds before them (5; startup: 1)
  --threads N      of onnxruntime-node in sentence-encoder (1); bertkit has one
  --json           everything as JSON`;

interface Program {
  readonly rounds: number;
  readonly warmUp: number;
  run(options: SentenceEncoderOptions): Promise<{ readonly result: unknown; readonly text: string }>;
}

const programs: ReadonlyMap<string, Program> = new Map([
  [
    "sentence-encoder",
    {
      rounds: 30,
      warmUp: 5,
      async run(options) {
        const result = await measureSentenceEncoder(options);
        return { result, text: showSentenceEncoder(result) };
      },
    },
  ],
  [
    "startup",
    {
      rounds: 10,
      warmUp: 1,
      async run(options) {
        const result = await measureStartup(options);
        return { result, text: showStartup(result) };
      },
    },
  ],
]);

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      model: { type: "string" },
      onnx: { type: "string" },
      rounds: { type: "string" },
      "warm-up": { type: "string" },
      threads: { type: "string" },
      json: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return console.log(help);
  const program = programs.get(positionals.join(" "));
  const { model, onnx, json } = values;
  if (!program || model === undefined || onnx === undefined) throw new Error(help);
  const { result, text } = await program.run({
    model,
    onnx,
    rounds: count("rounds", values.rounds, program.rounds),
    warmUp: count("warm-up", values["warm-up"], program.warmUp),
    threads: count("threads", values.threads, 1),
  });
  console.log(json ? JSON.stringify(result, undefined, 2) : text);
}

function count(option: string, given: string | undefined, otherwise: number): number {
  if (given === undefined) return otherwise;
  if (/^[1-9]\d*$/.test(given)) return Number(given);
  throw new Error(`--${option} must be a whole number above 0, got ${JSON.stringify(given)}`);
}

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
