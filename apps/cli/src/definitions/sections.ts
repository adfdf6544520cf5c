import { exitCodes } from "../failure.js";
import type { HelpSection } from "./command-definition.js";

/** How texts are read. */
export const inputRules: HelpSection = {
  title: "Input",
  body: `UTF-8; what is not becomes U+FFFD, with a warning. Without texts and --input, standard input is read if it is piped.
lines    each line is a text, the empty one too, so that rows match lines; it ends with \\n or \\r\\n
csv      with a header; the column is --field, or the only one, or the one named text or sentence. Also tsv, with tabs
jsonl    the string under --field (default: text) of the object in each line
parquet  the column as for csv; only from a file
A text file whose name ends in .gz or .zst is decompressed. Of several files each has its columns, by name, in any order.
--keep '*' is all columns but the text's; of jsonl, the fields that the first object has.`,
};

/** How two texts make a pair. */
export const pairRules: HelpSection = {
  title: "Pairs",
  body: `A text with " ||| " in it is a pair of texts, divided at the last one; of files with columns, --fields a,b makes
each row a pair. A pair that is too long loses tokens at the end of whichever text is longer.`,
};

/** How vectors are written. */
export const outputRules: HelpSection = {
  title: "Output",
  body: `jsonl    {"text":"…","vector":[…]}, the fewest digits that give the same number back
csv      kept columns, text, and the vector as a JSON array. Also tsv
parquet  the same columns, the vector as a list
npy      [texts, width] for NumPy; only to a file
raw      the same numbers alone, little-endian: .f32, .f16, .i8, .u8 or .bin
A name that ends in .gz or .zst is compressed (jsonl, csv, tsv, raw). int8, uint8, binary and ubinary are what
sentence-transformers' quantize_embeddings makes; the two integers need the range of all vectors first.
A file appears when it is complete. What an interrupted run has done stays beside it, hidden, for --resume.`,
};

/** Why it is fast. */
export const speedRules: HelpSection = {
  title: "Speed",
  body: `On x64 with Node 24 or later, experimental 256-bit operations of V8 are used where they pass a trial: 1.5 times as
fast, the same vectors. With BERTKIT_WIDE=0 in the environment they are not. All physical cores that the process may use
compute; --threads sets another number, and changes no vector. --precision int8 takes a quarter of the memory and is
faster still, with vectors that differ a little; "bertkit quantize" writes such a model once.`,
};

/** How a command ends. */
export const exitCodeRules: HelpSection = {
  title: "Exit codes",
  body: `${exitCodes.ok}    done, or the reader of the pipe left
${exitCodes.failure}    the input, a file or the network is at fault
${exitCodes.usage}    wrong usage
${exitCodes.interrupted}  stopped by Ctrl-C`,
};

/** Where flags may stand besides the command line. */
export const settingRules: HelpSection = {
  title: "Settings",
  body: `Flags come first, then the environment (BERTKIT_MODEL, BERTKIT_DEVICE …), then a file; "bertkit config" lists them.
HF_HOME, HF_HUB_CACHE, HF_ENDPOINT, HF_TOKEN, HF_HUB_OFFLINE and the proxy variables mean what they mean to Python.`,
};
