import { CheckpointError } from "@bertkit/checkpoint";
import type { PackedBatch } from "@bertkit/layers";
import type { SampleOutputs } from "./sample-outputs.js";

/** A model and a sequence for it. */
export interface OnnxRun {
  /** The model's file. */
  readonly path: string;
  readonly batch: PackedBatch;
  /** Whether the model asks for choices, of which the sequence is then the only one. */
  readonly choices: boolean;
}

/**
 * Runs one sequence through an ONNX model; undefined where there is no onnxruntime-node, which whoever wants the
 * comparison installs. Throws `CheckpointError` where ONNX Runtime does not take the file. Node only.
 */
export async function runOnnx({ path, batch, choices }: OnnxRun): Promise<Partial<SampleOutputs> | undefined> {
  const { createRequire } = globalThis.process.getBuiltinModule("node:module");
  let runtime: string;
  try {
    runtime = createRequire(import.meta.url).resolve("onnxruntime-node");
  } catch {
    return undefined;
  }
  const shape = choices ? [1, 1, batch.ids.length] : [1, batch.ids.length];
  const feeds = { input_ids: batch.ids, attention_mask: batch.ids.map(() => 1), token_type_ids: batch.typeIds };
  const { outputs, problem } = await inWorker({ runtime, path, shape, feeds });
  if (!outputs) throw new CheckpointError("malformed", `ONNX Runtime does not take ${path}: ${problem}`);
  return { hidden: outputs.last_hidden_state, answer: answerIn(outputs) };
}

type Outputs = Readonly<Record<string, ArrayLike<number>>>;

interface WorkerAnswer {
  readonly outputs?: Outputs;
  readonly problem?: string;
}

/** In a thread of its own, so that a native library that fails takes nothing with it. */
async function inWorker(workerData: object): Promise<WorkerAnswer> {
  const { Worker } = globalThis.process.getBuiltinModule("node:worker_threads");
  const worker = new Worker(workerSource, { eval: true, workerData, execArgv: [] });
  try {
    return await new Promise((resolve, reject) => {
      worker.once("message", resolve).once("error", reject);
      worker.once("exit", () => resolve({ problem: "it ended without an answer" }));
    });
  } finally {
    await worker.terminate();
  }
}

const workerSource = `
const { parentPort, workerData } = require("node:worker_threads");
async function run({ runtime, path, shape, feeds }) {
  const { InferenceSession, Tensor } = require(runtime);
  const session = await InferenceSession.create(path, { logSeverityLevel: 4, intraOpNumThreads: 1 });
  const inputs = session.inputNames.map((name) => [name, new Tensor("int64", BigInt64Array.from(feeds[name], BigInt), shape)]);
  const outputs = Object.entries(await session.run(Object.fromEntries(inputs)));
  return Object.fromEntries(outputs.map(([name, { data }]) => [name, Float32Array.from(data)]));
}
run(workerData).then(
  (outputs) => parentPort.postMessage({ outputs }),
  (error) => parentPort.postMessage({ problem: String(error && error.message) }),
);
`;

/** As our heads lay their numbers out: starts and ends alternate, both of pre-training are end to end. */
function answerIn(outputs: Outputs): ArrayLike<number> | undefined {
  const { start_logits: starts, end_logits: ends, prediction_logits: words, seq_relationship_logits: next } = outputs;
  if (starts && ends) return Array.from(starts).flatMap((start, i) => [start, ends[i]!]);
  if (words && next) return [...Array.from(words), ...Array.from(next)];
  return outputs.logits ?? outputs.pooler_output;
}
