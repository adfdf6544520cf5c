import { parseArgs } from "node:util";
import { measureCommandLine, showCommandLine } from "./command-line.js";
import { measureSentenceEncoder, type SentenceEncoderOptions, showSentenceEncoder } from "./sentence-encoder.js";
import { measureStartup, showStartup } from "./startup.js";

const help = `Measures bertkit against its rivals, interleaved in one run.

  node dist/main.js sentence-encoder --model FOLDER --onnx FILE   token ids to sentence vectors
  node dist/main.js startup --model FOLDER --onnx FILE            process start to the first vector, and memory
  node dist/main.js command-line --model FOLDER                   starts, memory of a long pipe, kills and resumes

  --model FOLDER   a sentence-transformers model (BERT, mean pooling, normalised)
  --onnx FILE      the same model, made by tooling/export-onnx
  --lines N        through the pipe of command-line (1000000)
  --rounds N       counted rounds (30; startup: 10; command-line: 20)
  --warm-up N      rounds before them (5; startup: 1)
  --threads N      of onnxruntime-node in sentence-encoder (1); bertkit has one
  --json           everything as JSON`;

interface Options extends SentenceEncoderOptions {
  readonly lines: number;
}

interface Program {
  readonly needsOnnx: boolean;
  readonly rounds: number;
  readonly warmUp: number;
  run(options: Options): Promise<{ readonly result: unknown; readonly text: string }>;
}

const programs: ReadonlyMap<string, Program> = new Map([
  [
    "sentence-encoder",
    {
      needsOnnx: true,
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
      needsOnnx: true,
      rounds: 10,
      warmUp: 1,
      async run(options) {
        const result = await measureStartup(options);
        return { result, text: showStartup(result) };
      },
    },
  ],
  [
    "command-line",
    {
      needsOnnx: false,
      rounds: 20,
      warmUp: 1,
      async run(options) {
        const result = await measureCommandLine(options);
        return { result, text: showCommandLine(result) };
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
      lines: { type: "string" },
      rounds: { type: "string" },
      "warm-up": { type: "string" },
      threads: { type: "string" },
      json: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return console.log(help);
  const program = programs.get(positionals.join(" "));
  const { model, onnx = "", json } = values;
  if (!program || model === undefined || (program.needsOnnx && onnx === "")) throw new Error(help);
  const { result, text } = await program.run({
    model,
    onnx,
    rounds: count("rounds", values.rounds, program.rounds),
    warmUp: count("warm-up", values["warm-up"], program.warmUp),
    lines: count("lines", values.lines, 1_000_000),
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
