import type { ConversionFormat, ConversionPrecision, ConversionReport, ConvertedArray, FileArray } from "bertkit";
import type { CommonFlags } from "../flags.js";
import { printText } from "../output/print-text.js";
import { DownloadDisplay } from "../terminal/download-display.js";
import { note } from "../terminal/notices.js";
import { bytes } from "../terminal/show-bytes.js";

/** The flags of `bertkit convert`. */
export interface ConvertFlags extends CommonFlags {
  readonly to: ConversionFormat;
  readonly precision?: ConversionPrecision;
  readonly force?: true;
  readonly offline?: boolean;
}

/** The model to convert and the folder to write. */
export interface ConvertPlaces {
  readonly from: string;
  readonly folder: string;
}

/** Writes a model in another format and says what went where: in short, or with every array where told to. */
export async function convert(
  { from, folder }: ConvertPlaces,
  { to, precision, force, ...flags }: ConvertFlags,
  signal: AbortSignal,
): Promise<void> {
  const { convertModel } = await import("bertkit");
  await using download = new DownloadDisplay(flags);
  const report = await convertModel(from, folder, { ...download.options, signal, to, precision, overwrite: force });
  if (!flags.quiet) for (const warning of report.warnings) note(warning);
  if (flags.json) return printText(`${JSON.stringify(report, null, 2)}\n`, signal);
  const table = flags.verbose ? [...report.arrays.map(arrayLine), ...leftOutLines(report)] : [];
  await printText([...table, ...summary(report), ""].join("\n"), signal);
}

function summary({ folder, architecture, format, arrays, leftOut, files, outputs }: ConversionReport): string[] {
  const size = files.reduce((sum, file) => sum + file.bytes, 0);
  const unneeded = leftOut.length > 0 ? `, ${leftOut.length} left out` : "";
  const difference =
    outputs.kind === "compared"
      ? `outputs differ by ${percent(outputs.relativeDifference)} of their size, ${outputs.largestDifference.toPrecision(2)} at most`
      : `outputs not compared: ${outputs.reason}`;
  return [
    `${folder}: ${architecture} as ${format}, ${arrays.length} arrays${unneeded}, ${files.length} files of ${bytes(size)}`,
    difference,
  ];
}

const arrayLine = ({ from, to, transposed }: ConvertedArray): string =>
  `${described(from)} → ${described(to)}${transposed ? " transposed" : ""}`;

const leftOutLines = ({ leftOut }: ConversionReport): string[] =>
  leftOut.map(({ reason, ...array }) => `${described(array)} left out: ${reason}`);

const described = ({ name, shape, dtype }: FileArray): string => `${name} [${shape.join(", ")}] ${dtype}`;

const percent = (share: number): string => `${Number((100 * share).toPrecision(2))} %`;
