import { ConfigError, recordOf, showValue } from "@bertkit/layers";
import { type Activation, gelu, identity, relu, sigmoid, silu, tanh } from "@bertkit/tensor";
import type { DenseOptions } from "./dense.js";
import { type PoolingMode, poolingModes } from "./pooling.js";

/** A Dense layer and the folder its weights lie in. */
export interface DenseStage extends DenseOptions {
  readonly folder: string;
}

/** Keeps the first numbers of each vector (Matryoshka representations, Kusupati et al. 2022). No file asks for it. */
export interface CutStage {
  readonly dimensions: number;
}

/** A step after pooling: a Dense layer, a cut, or scaling to unit length. */
export type SentenceStage = DenseStage | CutStage | "normalize";

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
  const second = others.find(({ kind }) => kind === "Transformer" || kind === "Pooling");
  if (second) throw new ConfigError("modules.json", [`a second ${second.kind} is not supported`]);
  const configOf = async ({ path }: ModuleEntry): Promise<ModuleConfig> => {
    const file = path === "" ? "config.json" : `${path}/config.json`;
    return { file, json: await readJson(file) };
  };
  const { poolings, includePrompt } = poolingIn(await configOf(pooling));
  const stages: SentenceStage[] = [];
  for (const module of others) {
    const config = await configOf(module);
    if (module.kind === "Dense") stages.push({ ...denseIn(config), folder: module.path });
    else stages.push(normalizeIn(config));
  }
  return { encoderFolder: encoder.path, poolings, includePrompt, stages };
}

const kinds = ["Transformer", "Pooling", "Dense", "Normalize"] as const;

interface ModuleEntry {
  readonly kind: (typeof kinds)[number];
  readonly path: string;
}

/** A module's `config.json`, parsed; undefined where there is none. */
interface ModuleConfig {
  readonly file: string;
  readonly json: unknown;
}

function modulesIn(json: unknown): ModuleEntry[] {
  if (!Array.isArray(json)) throw new ConfigError("modules.json", ["it must be a list of modules"]);
  const problems: string[] = [];
  const entries = json.flatMap((item: unknown): ModuleEntry[] => {
    const { type, path } = recordOf(item);
    const kind = typeof type === "string" ? kindOf(type) : undefined;
    if (kind && typeof path === "string") return [{ kind, path }];
    if (kind) problems.push(`the path of a ${kind} must be a string, got ${showValue(path)}`);
    else problems.push(`a module of type ${showValue(type)} is not known (known: ${kinds.join(", ")})`);
    return [];
  });
  if (problems.length > 0) throw new ConfigError("modules.json", problems);
  return entries;
}

/** Old: sentence_transformers.models.Pooling; new: …modules.pooling.Pooling. The class is the last part of both. */
function kindOf(type: string): ModuleEntry["kind"] | undefined {
  const [library, ...parts] = type.split(".");
  return library === "sentence_transformers" ? kinds.find((kind) => kind === parts.at(-1)) : undefined;
}

/** The old layout's switches, in the order in which sentence-transformers lays several poolings side by side. */
const switches: ReadonlyMap<string, PoolingMode> = new Map([
  ["pooling_mode_cls_token", "cls"],
  ["pooling_mode_max_tokens", "max"],
  ["pooling_mode_mean_tokens", "mean"],
  ["pooling_mode_mean_sqrt_len_tokens", "mean_sqrt_len_tokens"],
  ["pooling_mode_weightedmean_tokens", "weightedmean"],
  ["pooling_mode_lasttoken", "lasttoken"],
]);

function poolingIn({ file, json }: ModuleConfig): Pick<SentenceModules, "poolings" | "includePrompt"> {
  if (json === undefined) throw new ConfigError(file, ["there is none, so the pooling is unknown"]);
  const config = recordOf(json);
  const { pooling_mode: named, include_prompt: includePrompt = true } = config;
  const problems: string[] = [];
  const poolings: PoolingMode[] = [];
  for (const mode of named === undefined ? switchedOn(config, problems) : [named].flat()) {
    const known = poolingModes.find((name) => name === mode);
    if (known) poolings.push(known);
    else problems.push(`pooling ${showValue(mode)} is not known (known: ${poolingModes.join(", ")})`);
  }
  if (poolings.length === 0 && problems.length === 0) problems.push("pooling_mode names no pooling");
  if (typeof includePrompt !== "boolean") {
    problems.push(`include_prompt must be true or false, got ${showValue(includePrompt)}`);
  }
  if (problems.length > 0) throw new ConfigError(file, problems);
  return { poolings, includePrompt: includePrompt !== false };
}

function switchedOn(config: Readonly<Record<string, unknown>>, problems: string[]): readonly PoolingMode[] {
  for (const [name, value] of Object.entries(config)) {
    if (!name.startsWith("pooling_mode_")) continue;
    if (typeof value !== "boolean") problems.push(`${name} must be true or false, got ${showValue(value)}`);
    else if (value && !switches.has(name)) problems.push(`${showValue(name)} is not known`);
  }
  const on = [...switches].flatMap(([name, mode]) => (config[name] === true ? [mode] : []));
  // As in sentence-transformers, where the mean is the default.
  return on.length > 0 ? on : ["mean"];
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

function denseIn({ file, json }: ModuleConfig): DenseOptions {
  const config = recordOf(json);
  const { in_features: inputs, out_features: outputs, bias = true, use_residual: residual = false } = config;
  const { activation_function: named = "torch.nn.modules.activation.Tanh" } = config;
  const activation = typeof named === "string" && named.startsWith("torch.nn.") && activations.get(lastPart(named));
  const problems = otherInputs(config);
  if (!isExtent(inputs)) problems.push(`in_features must be a whole number above 0, got ${showValue(inputs)}`);
  if (!isExtent(outputs)) problems.push(`out_features must be a whole number above 0, got ${showValue(outputs)}`);
  if (typeof bias !== "boolean") problems.push(`bias must be true or false, got ${showValue(bias)}`);
  if (typeof residual !== "boolean") problems.push(`use_residual must be true or false, got ${showValue(residual)}`);
  if (!activation) {
    const known = [...activations.keys()].join(", ");
    problems.push(`activation ${showValue(named)} is not known (known: ${known}, of torch.nn)`);
  }
  if (
    problems.length > 0 ||
    !isExtent(inputs) ||
    !isExtent(outputs) ||
    typeof bias !== "boolean" ||
    typeof residual !== "boolean" ||
    !activation
  ) {
    throw new ConfigError(file, problems);
  }
  return { inputs, outputs, bias, activation, residual };
}

/** Older versions write no file for it. */
function normalizeIn({ file, json }: ModuleConfig): "normalize" {
  const problems = otherInputs(recordOf(json));
  if (problems.length > 0) throw new ConfigError(file, problems);
  return "normalize";
}

/** A module may be told to work on token vectors; here each works on what the one before it gave. */
function otherInputs(config: Readonly<Record<string, unknown>>): string[] {
  return ["module_input_name", "module_output_name"].flatMap((field) => {
    const name = config[field] ?? "sentence_embedding";
    return name === "sentence_embedding" ? [] : [`${field} is ${showValue(name)}; supported is "sentence_embedding"`];
  });
}

const lastPart = (path: string): string => path.slice(path.lastIndexOf(".") + 1);

const isExtent = (value: unknown): value is number =>
  typeof value === "number" && Number.isInteger(value) && value > 0 && value <= 2 ** 24;
