import { mkdir, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import type { Parser } from "./parser.js";
import { parserOf, parsers } from "./parsers.js";
import { type CampaignResult, type Finding, runCampaign } from "./run/campaign.js";
import { type Case, inputOf } from "./run/case.js";
import { judge } from "./run/judge.js";

const usage = `node tooling/fuzz/bin/fuzz.js [--minutes 10] [--parser NAME]… [--seed N] [--findings FOLDER]
node tooling/fuzz/bin/fuzz.js --parser NAME --seed N --case NUMBER

Damages files and watches what @bertkit/checkpoint makes of them, some minutes a parser, two parsers at a time.
With --case, repeats one input and keeps its files. Parsers: ${parsers.map(({ name }) => name).join(", ")}.`;

const processes = 2;

/** The command: gives the exit status, 1 where something was found. */
export async function main(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      minutes: { type: "string", default: "10" },
      parser: { type: "string", multiple: true, default: [] },
      seed: { type: "string", default: "1" },
      case: { type: "string" },
      findings: { type: "string", default: fileURLToPath(new URL("../findings", import.meta.url)) },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    console.log(usage);
    return 0;
  }
  const chosen = values.parser.length === 0 ? parsers : values.parser.map(parserOf);
  const seed = Number(values.seed);
  const folder = resolve(values.findings);
  if (values.case !== undefined) return repeat({ parser: chosen[0]!, seed, number: Number(values.case) }, folder);
  return fuzzAll(chosen, { seed, seconds: Number(values.minutes) * 60, folder });
}

interface Plan {
  readonly seed: number;
  readonly seconds: number;
  /** Where the files of findings go. */
  readonly folder: string;
}

async function fuzzAll(chosen: readonly Parser[], { seed, seconds, folder }: Plan): Promise<number> {
  const waiting = [...chosen];
  const writing: Promise<void>[] = [];
  const onFinding = (finding: Finding) => {
    console.log(`\nFOUND: ${finding.problem}\n${commandFor(finding)}`);
    writing.push(keep(finding, folder));
  };
  let findings = 0;
  const work = async () => {
    for (let parser = waiting.shift(); parser !== undefined; parser = waiting.shift()) {
      const result = await runCampaign(parser, { seed, seconds, onFinding });
      findings += result.findings;
      console.log(summaryOf(parser, result));
    }
  };
  await Promise.all(Array.from({ length: processes }, work));
  await Promise.all(writing);
  console.log(findings === 0 ? "nothing found" : `${findings} found; their files are in ${folder}`);
  return findings === 0 ? 0 : 1;
}

async function repeat(one: Case, folder: string): Promise<number> {
  await keep(one, folder);
  const { outcome, problem } = await judge(inputOf(one));
  console.log(`${outcome}${problem === undefined ? "" : `\n${problem}`}\nits files are in ${folder}`);
  return problem === undefined ? 0 : 1;
}

async function keep(one: Case, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [i, [name, bytes]] of [...inputOf(one).files].entries()) {
    // A file's own name may be anything, so it is only what the kept file's name ends in.
    const ending = name.replace(/[^\w.-]/g, "_").slice(0, 60);
    await writeFile(join(folder, `${one.parser.name}-${one.seed}-${one.number}-${i}-${ending}`), bytes);
  }
}

function commandFor({ parser, seed, number }: Case): string {
  return `repeat it: node tooling/fuzz/bin/fuzz.js --parser ${parser.name} --seed ${seed} --case ${number}`;
}

function summaryOf(parser: Parser, { cases, seconds, outcomes, findings }: CampaignResult): string {
  const counted = [...outcomes]
    .sort(([, left], [, right]) => right - left)
    .map(([outcome, count]) => `${outcome} ${count}`);
  const speed = `${cases} cases in ${Math.round(seconds)} s, ${Math.round(cases / seconds)} a second`;
  return `${parser.name}: ${speed}; ${findings} found\n  ${counted.join(", ")}`;
}
