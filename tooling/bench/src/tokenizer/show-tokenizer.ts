import { showMachine } from "../machine.js";
import type { Summary } from "../statistics.js";
import { showTable } from "../table.js";
import type { LoadRun, RivalIds, TextsRun, TokenizerResult } from "./tokenizer-result.js";

const textsHead = ["texts", "ours", "against", "our MB/s", "their MB/s", "ours is faster by", "p10", "p90", "wanted"];
const loadsHead = ["tokenizer.json", "tokens", "side", "ms to first ids", "p10", "p90", "wanted"];

/** The result of `tokenizer`, for people. */
export function showTokenizer({ machine, texts, loads, workers }: TokenizerResult): string {
  const { one, two, ratio, wanted } = workers;
  return `${showMachine(machine)}

${showTable([textsHead, ...texts.flatMap(textsRows)])}

${texts.flatMap(sizeAndIds).join("\n")}

${showTable([loadsHead, ...loads.flatMap(loadRows)])}

${workers.title} on worker threads, batches of 250 lines there and ids back: one ${fixed(one.median)} MB/s, two ${fixed(two.median)}, faster by
${threeOf(ratio).join(", ")} (median, p10, p90), wanted ${atLeast(wanted, ratio.median)}

MB are 10^6 bytes of UTF-8, special tokens are added, every side on one thread, all in turn. Faster by: their median time
over ours, p10 and p90 of it by round. No side in JavaScript but ours has ranges; Rust's has them always. Loads are in
new processes, from the file on.`;
}

function textsRows({ title, comparisons }: TextsRun): string[][] {
  return comparisons.map(({ work, rival, ourSpeed, rivalSpeed, ratio, wanted }) => [
    title,
    work,
    rival,
    fixed(ourSpeed.median),
    fixed(rivalSpeed.median),
    ...threeOf(ratio),
    atLeast(wanted, ratio.median),
  ]);
}

function sizeAndIds({ title, lines, bytes, rivals }: TextsRun): string[] {
  const size = `${(bytes / 1e6).toFixed(1)} MB in ${lines.toLocaleString("en")} lines`;
  return [`${title}: ${size}`, ...rivals.map((rival) => `  ${idsLine(rival)}`)];
}

function idsLine({ rival, different, example }: RivalIds): string {
  if (example === undefined) return `${rival}: the same ids`;
  const { text, ours, theirs } = example;
  const where = `in ${JSON.stringify(text)} ours go on ${ours.join(" ")}, theirs ${theirs.join(" ")}`;
  return `${rival}: other ids in ${different.toLocaleString("en")} lines; ${where}`;
}

function loadRows({ title, tokens, sides, wanted }: LoadRun): string[][] {
  return sides.map(({ name, milliseconds }, i) => [
    title,
    tokens.toLocaleString("en"),
    name,
    ...[milliseconds.median, milliseconds.p10, milliseconds.p90].map((time) => time.toFixed(0)),
    i === 0 ? `< ${wanted}${milliseconds.median < wanted ? "" : " MISSED"}` : "",
  ]);
}

const fixed = (speed: number): string => speed.toFixed(1);

const threeOf = ({ median, p10, p90 }: Summary): string[] => [median, p10, p90].map((ratio) => ratio.toFixed(2));

const atLeast = (wanted: number, got: number): string => `≥ ${wanted}${got < wanted ? " MISSED" : ""}`;
