import { ConfigError } from "@bertkit/layers";
import { type Activation, gelu, identity, relu, sigmoid, silu, tanh } from "@bertkit/tensor";
import type { DenseOptions } from "./dense.js";
import { type PoolingMode, poolingModes } from "./pooling.js";

/** A step after the encoder: a Dense layer with the folder its weights lie in, or scaling to unit length. */
export type SentenceStage = (DenseOptions & { readonly folder: string }) | "normalize";

/** What a sentence-transformers folder says happens to its encoder's hidden states. */
export interface SentenceModules {
  /** Where the encoder's files lie, relative to the model's folder; "" for the folder itself. */
  readonly encoderFolder: string;
  /** Several are laid side by side. */
  readonly poolings: readonly PoolingMode[];
  /** Whether a prompt's tokens take part in pooling. */
  readonly includePrompt: boolean;
  readonly stages: readonly SentenceStage[];
}

/**
 * Reads `modules.json` and the `config.json` of each module it names, in the layouts of sentence-transformers 2 to 6.
 * Throws `ConfigError` for a module this package does not know, or a file that says something impossible.
 * @param readJson gives a file of the model's folder parsed; undefined where there is none
 */
export async function readSentenceModules(readJson: (path: string) => Promise<unknown>): Promise<SentenceModules> {
  const modules = modulesIn(await readJson("modules.json"));
  const [encoder, pooling, ...others] = modules;
  if (encoder?.kind !== "Transformer" || pooling?.kind !== "Pooling") {
    const found = modules.map(({ kind }) => kind).join(", ");
    throw new ConfigError("modules.json", [
      `a Transformer and then a Pooling must come first, got ${found || "nothing"}`,
    ]);
  }
  const { poolings, includePrompt } = poolingIn(await readJson(`${pooling.path}/config.json`), pooling.path);
  const stages: SentenceStage[] = [];
  for (const { kind, path } of others) {
    if (kind === "Normalize") stages.push("normalize");
    else if (kind === "Dense") stages.push({ ...denseIn(await readJson(`${path}/config.json`), path), folder: path });
    else throw new ConfigError("modules.json", [`a second ${kind} is not supported`]);
  }
  return { encoderFolder: encoder.path, poolings, includePrompt, stages };
}

const kinds = ["Transformer", "Pooling", "Dense", "Normalize"] as const;

interface ModuleEntry {
  readonly kind: (typeof kinds)[number];
  readonly path: string;
}

function modulesIn(json: unknown): ModuleEntry[] {
  if (!Array.isArray(json)) throw new ConfigError("modules.json", ["it must be a list of modules"]);
  const problems: string[] = [];
  const entries = json.flatMap((item: unknown): ModuleEntry[] => {
    const { type, path } = recordOf(item);
    // Old: sentence_transformers.models.Pooling; new: …modules.pooling.Pooling. The class is the last part of both.
    const kind = kinds.find((known) => known === String(type).split(".").at(-1));
    if (kind && String(type).startsWith("sentence_transformers.") && typeof path === "string") return [{ kind, path }];
    problems.push(`a module of type ${JSON.stringify(type)} is not known (known: ${kinds.join(", ")})`);
    return [];
  });
  if (problems.length > 0) throw new ConfigError("modules.json", problems);
  return entries;
}

/** The order in which sentence-transformers lays several poolings side by side, with the old layout's switches. */
const switches: readonly (readonly [PoolingMode, string])[] = [
  ["cls", "pooling_mode_cls_token"],
  ["max", "pooling_mode_max_tokens"],
  ["mean", "pooling_mode_mean_tokens"],
  ["mean_sqrt_len_tokens", "pooling_mode_mean_sqrt_len_tokens"],
  ["weightedmean", "pooling_mode_weightedmean_tokens"],
  ["lasttoken", "pooling_mode_lasttoken"],
];

function poolingIn(json: unknown, folder: string): Pick<SentenceModules, "poolings" | "includePrompt"> {
  const config = recordOf(json);
  const named = config.pooling_mode;
  const wanted: unknown[] =
    named === undefined ? switches.flatMap(([mode, name]) => (config[name] === true ? [mode] : [])) : [named].flat();
  const poolings = wanted.flatMap((mode) => poolingModes.filter((known) => known === mode));
  if (poolings.length === 0 || poolings.length < wanted.length) {
    throw new ConfigError(`${folder}/config.json`, [
      `pooling ${JSON.stringify(named ?? wanted)} is not known (known: ${poolingModes.join(", ")})`,
    ]);
  }
  return { poolings, includePrompt: config.include_prompt !== false };
}

/** The activations sentence-transformers' Dense may name, by the last part of PyTorch's class. */
const activations: ReadonlyMap<string, Activation> = new Map([
  ["Identity", identity],
  ["Tanh", tanh],
  ["ReLU", relu],
  ["GELU", gelu],
  ["SiLU", silu],
  ["Sigmoid", sigmoid],
]);

function denseIn(json: unknown, folder: string): DenseOptions {
  const config = recordOf(json);
  const { in_features: inputs, out_features: outputs, bias = true } = config;
  const activationName = config.activation_function ?? "torch.nn.modules.activation.Tanh";
  const activation = activations.get(String(activationName).split(".").at(-1)!);
  const problems: string[] = [];
  if (!isExtent(inputs)) problems.push(`in_features must be a whole number above 0, got ${JSON.stringify(inputs)}`);
  if (!isExtent(outputs)) problems.push(`out_features must be a whole number above 0, got ${JSON.stringify(outputs)}`);
  if (typeof bias !== "boolean") problems.push(`bias must be true or false, got ${JSON.stringify(bias)}`);
  if (!activation) {
    problems.push(
      `activation ${JSON.stringify(activationName)} is not known (known: ${[...activations.keys()].join(", ")})`,
    );
  }
  if (!isExtent(inputs) || !isExtent(outputs) || typeof bias !== "boolean" || !activation) {
    throw new ConfigError(`${folder}/config.json`, problems);
  }
  return { inputs, outputs, bias, activation };
}

const isExtent = (value: unknown): value is number =>
  typeof value === "number" && Number.isInteger(value) && value > 0 && value <= 2 ** 24;

function recordOf(json: unknown): Readonly<Record<string, unknown>> {
  return typeof json === "object" && json !== null ? (json as Readonly<Record<string, unknown>>) : {};
}
