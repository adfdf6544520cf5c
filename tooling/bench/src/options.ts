import { parseArgs } from "node:util";
import { type RivalName, rivalNames } from "./encode/comparison.js";
import { sentenceCases } from "./encode/sentence-cases.js";
import { newestNode } from "./node-version.js";
import { type Precision, precisions } from "./precision.js";

/** What the command line asked for; each program takes what concerns it. */
export interface BenchOptions {
  /** A folder that tooling/export-onnx wrote. */
  readonly model: string;
  /** The same model, quantised by `bertkit quantize`. */
  readonly int8Model: string | undefined;
  readonly threads: readonly number[];
  readonly precisions: readonly Precision[];
  readonly rivals: readonly RivalName[];
  readonly cases: readonly string[];
  /** A program's own numbers, where they are not given. */
  readonly rounds: number | undefined;
  readonly warmUp: number | undefined;
  /** How many texts go through the loop of `memory`. */
  readonly texts: number;
  /** How many lines go through the pipe of `command-line`. */
  readonly lines: number;
  readonly python: string;
}

export interface CommandLine {
  readonly program: string;
  /** What follows the program's name. */
  readonly files: readonly string[];
  readonly options: BenchOptions;
  readonly node: string;
  /** Where to write the result; by default into results/. */
  readonly json: string | undefined;
  readonly help: boolean;
}

/** @throws Error for an unknown option, or a value that is none, with what was wanted */
export function readCommandLine(args: readonly string[]): CommandLine {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      model: { type: "string" },
      "int8-model": { type: "string" },
      threads: { type: "string", default: "1,2" },
      precision: { type: "string", default: precisions.join() },
      against: { type: "string", default: rivalNames.join() },
      cases: { type: "string", default: sentenceCases.map(({ key }) => key).join() },
      rounds: { type: "string" },
      "warm-up": { type: "string" },
      texts: { type: "string", default: "100000" },
      lines: { type: "string", default: "1000000" },
      python: { type: "string", default: "python3" },
      node: { type: "string", default: newestNode },
      json: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  const [program = "", ...files] = positionals;
  const optional = (name: string, value: string | undefined) => (value === undefined ? undefined : count(name, value));
  return {
    program,
    files,
    options: {
      model: values.model ?? "",
      int8Model: values["int8-model"],
      threads: values.threads.split(",").map((item) => count("threads", item)),
      precisions: someOf("precision", values.precision, precisions),
      rivals: someOf("against", values.against, rivalNames),
      cases: someOf(
        "cases",
        values.cases,
        sentenceCases.map(({ key }) => key),
      ),
      rounds: optional("rounds", values.rounds),
      warmUp: optional("warm-up", values["warm-up"]),
      texts: count("texts", values.texts),
      lines: count("lines", values.lines),
      python: values.python,
    },
    node: values.node,
    json: values.json,
    help: values.help,
  };
}

function count(option: string, given: string): number {
  if (/^[1-9]\d*$/.test(given)) return Number(given);
  throw new Error(`--${option} must be a whole number above 0, got ${JSON.stringify(given)}`);
}

function someOf<Word extends string>(option: string, given: string, known: readonly Word[]): Word[] {
  return given.split(",").map((item) => {
    const word = known.find((candidate) => candidate === item);
    if (word === undefined) {
      throw new Error(`--${option} must be some of ${known.join(",")}, with commas; got ${JSON.stringify(given)}`);
    }
    return word;
  });
}
