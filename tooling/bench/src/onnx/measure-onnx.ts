import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { convertModel, loadTokenizer } from "bertkit";
import { type Agreement, agreement } from "../agreement.js";
import { describeMachine, type Machine } from "../machine.js";
import type { BenchOptions } from "../options.js";
import type { Precision } from "../precision.js";
import { type GoldenVectors, goldenVectors } from "./golden-vectors.js";
import { openTransformersJsModel, type TransformersJsModel } from "./transformers-js-model.js";

export interface OnnxResult {
  readonly program: "onnx";
  readonly machine: Machine;
  readonly texts: number;
  readonly rows: readonly OnnxRow[];
}

export interface OnnxRow {
  readonly precision: Precision;
  readonly tokenizer: "bertkit" | "transformers.js";
  /** In how many texts its ids are not ours. */
  readonly otherIds: number;
  /** With the golden vectors. */
  readonly agreement: Agreement;
}

/** What float32 may be off. */
const tolerance = 1e-4;

/**
 * all-MiniLM-L6-v2 as `convertModel` writes it in ONNX, run by transformers.js, against the golden vectors: with our
 * ids and with those of its own tokenizer. Throws `Error` where float32 with our ids is off by more than 1e-4.
 */
export async function measureOnnx({ precisions }: BenchOptions): Promise<OnnxResult> {
  const goldens = await goldenVectors();
  const tokenizer = await loadTokenizer(goldens.model);
  const ours = goldens.texts.map((text) => tokenizer.encode(text, { maxLength: goldens.maxLength }).ids);
  const parent = await mkdtemp(join(tmpdir(), "bench-onnx-"));
  try {
    const rows: OnnxRow[] = [];
    for (const precision of precisions) {
      const folder = join(parent, precision);
      await convertModel(goldens.model, folder, { to: "onnx", precision });
      rows.push(...(await rowsOf(folder, precision, goldens, ours)));
    }
    return { program: "onnx", machine: describeMachine(), texts: goldens.texts.length, rows };
  } finally {
    await rm(parent, { recursive: true });
  }
}

async function rowsOf(
  folder: string,
  precision: Precision,
  { texts, vectors, maxLength }: GoldenVectors,
  ours: readonly ArrayLike<number>[],
): Promise<OnnxRow[]> {
  const model = await openTransformersJsModel(folder, precision);
  try {
    const theirs = texts.map((text) => model.idsOf(text, maxLength));
    const otherIds = theirs.filter((ids, i) => ids.join() !== Array.from(ours[i]!).join()).length;
    const withOurs = agreement(await vectorsOf(model, ours), vectors);
    if (precision === "float32" && !(withOurs.difference <= tolerance)) {
      throw new Error(`transformers.js gives other vectors with our ONNX: off by ${withOurs.difference}`);
    }
    return [
      { precision, tokenizer: "bertkit", otherIds: 0, agreement: withOurs },
      {
        ...{ precision, tokenizer: "transformers.js", otherIds },
        agreement: agreement(await vectorsOf(model, theirs), vectors),
      },
    ];
  } finally {
    await model.close();
  }
}

async function vectorsOf(model: TransformersJsModel, ids: readonly ArrayLike<number>[]): Promise<Float32Array[]> {
  const vectors: Float32Array[] = [];
  for (const text of ids) vectors.push(await model.vectorOf(text));
  return vectors;
}
