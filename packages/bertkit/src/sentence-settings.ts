import type { EncoderConfig } from "@bertkit/encoder-family";
import { type DenseStage, type PoolingMode, readSentenceModules, type SentenceModules } from "@bertkit/heads";
import { ConfigError, recordOf, showValue } from "@bertkit/layers";
import type { BertTokenizer } from "@bertkit/tokenizer";
import type { ModelFolder } from "./opening/model-folder.js";

/** What a folder says of how its sentence vectors are made. */
export interface SentenceSettings extends SentenceModules {
  /** Tokens at most, special tokens included, where the sentence-transformers files say so. */
  readonly maxLength: number | undefined;
  /** Whether text is lower-cased before the tokenizer sees it. */
  readonly lowerCase: boolean;
  /** Text to put before each text, by name. */
  readonly prompts: ReadonlyMap<string, string>;
  readonly defaultPrompt: string | undefined;
  /** Whether the folder has sentence-transformers' files; if not, the settings are what it would take. */
  readonly isSentenceModel: boolean;
}

/** A BERT without sentence-transformers files gets what sentence-transformers gives it: the mean of its tokens. */
const plainBert: SentenceModules = { encoderFolder: "", poolings: ["mean"], includePrompt: true, stages: [] };

/** Throws `ConfigError` for a module it does not know and for values that cannot be. */
export async function readSentenceSettings(folder: ModelFolder): Promise<SentenceSettings> {
  const list = await folder.readJson("modules.json");
  const readJson = async (path: string) => (path === "modules.json" ? list : folder.readJson(path));
  const modules = list === undefined ? plainBert : await readSentenceModules(readJson);
  const limits = recordOf(await folder.folder(modules.encoderFolder).readJson("sentence_bert_config.json"));
  const { prompts, defaultPrompt } = promptsIn(await folder.readJson("config_sentence_transformers.json"));
  const maxLength = limits.max_seq_length ?? undefined;
  if (maxLength !== undefined && !(Number.isInteger(maxLength) && (maxLength as number) > 0)) {
    throw new ConfigError("sentence_bert_config.json", [
      `max_seq_length must be a whole number above 0, got ${showValue(maxLength)}`,
    ]);
  }
  return {
    ...modules,
    maxLength: maxLength as number | undefined,
    lowerCase: limits.do_lower_case === true,
    prompts,
    defaultPrompt,
    isSentenceModel: list !== undefined,
  };
}

/** The Dense layers among the stages, in their order. */
export const denseStages = ({ stages }: Pick<SentenceModules, "stages">): DenseStage[] =>
  stages.filter((stage): stage is DenseStage => typeof stage === "object" && "folder" in stage);

/** How many numbers a vector has, for an encoder of that width. */
export function vectorWidth(
  { poolings, stages }: Omit<SentenceModules, "encoderFolder">,
  encoderWidth: number,
): number {
  const last = stages.filter((stage) => stage !== "normalize").at(-1);
  if (last === undefined) return encoderWidth * poolings.length;
  return "folder" in last ? last.outputs : last.dimensions;
}

/** What may be asked for instead of what the model's files state. */
export interface VectorWishes {
  readonly pooling?: PoolingMode | undefined;
  /** True: vectors of length 1; false: as they are before a last normalising. */
  readonly normalize?: boolean | undefined;
  /** Keep so many of a vector's numbers, the first (for Matryoshka models), with length 1 again where it was 1. */
  readonly dimensions?: number | undefined;
}

/**
 * The same settings with a wish fulfilled: another pooling, vectors of length 1 or of any length, fewer dimensions. What
 * is cut gets length 1 again where it had it. Throws `ConfigError` for more dimensions than there are.
 */
export function withWishes(
  settings: SentenceSettings,
  encoderWidth: number,
  { pooling, normalize, dimensions }: VectorWishes,
): SentenceSettings {
  const poolings = pooling ? [pooling] : settings.poolings;
  const stages = [...settings.stages];
  let isNormalized = false;
  for (; stages.at(-1) === "normalize"; stages.pop()) isNormalized = true;
  if (dimensions !== undefined) {
    const width = vectorWidth({ ...settings, poolings, stages }, encoderWidth);
    if (!(Number.isInteger(dimensions) && dimensions >= 1 && dimensions <= width)) {
      throw new ConfigError("dimensions", [`this model's vectors have 1 to ${width}, got ${dimensions}`]);
    }
    stages.push({ dimensions });
  }
  if (normalize ?? isNormalized) stages.push("normalize");
  return { ...settings, poolings, stages };
}

/** The limit asked for, else the files', but never more than the encoder has positions for. */
export function lengthLimit(
  settings: Pick<SentenceSettings, "maxLength">,
  tokenizer: BertTokenizer,
  { maxPositions }: EncoderConfig,
  wanted?: number,
): number {
  const least = tokenizer.addedTokenCount() + 1;
  if (wanted !== undefined && !(Number.isInteger(wanted) && wanted >= least && wanted <= maxPositions)) {
    throw new ConfigError("maximum length", [
      `this model takes ${least} to ${maxPositions} tokens, special tokens included, got ${wanted}`,
    ]);
  }
  return wanted ?? Math.min(settings.maxLength ?? tokenizer.modelMaxLength ?? maxPositions, maxPositions);
}

function promptsIn(json: unknown): Pick<SentenceSettings, "prompts" | "defaultPrompt"> {
  const config = recordOf(json);
  const prompts = new Map(
    Object.entries(recordOf(config.prompts)).filter((entry): entry is [string, string] => typeof entry[1] === "string"),
  );
  const name = config.default_prompt_name;
  if (typeof name !== "string") return { prompts, defaultPrompt: undefined };
  if (!prompts.has(name)) {
    throw new ConfigError("config_sentence_transformers.json", [
      `default_prompt_name is ${showValue(name)}, which is not one of its prompts (${[...prompts.keys()].join(", ")})`,
    ]);
  }
  return { prompts, defaultPrompt: prompts.get(name) };
}
