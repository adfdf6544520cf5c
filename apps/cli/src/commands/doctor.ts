import { arch, availableParallelism, cpus, freemem, platform, release, totalmem } from "node:os";
import type { CommonFlags, ModelFlags } from "../flags.js";
import { modelOf } from "../model-flag.js";
import { printText } from "../output/print-text.js";
import { configPath } from "../settings/config-file.js";
import { deviceRows } from "../terminal/device-rows.js";
import { type Section, sectionPage } from "../terminal/section-page.js";
import { bytes } from "../terminal/show-bytes.js";
import { version } from "../version.js";

/** The flags of `bertkit doctor`. */
export interface DoctorFlags extends CommonFlags, ModelFlags {}

type Row = Section[1][number];

/** Prints versions, devices, caches and settings: what would be used and why. Nothing in it is secret. */
export async function doctor(flags: DoctorFlags, signal: AbortSignal): Promise<void> {
  const sections: readonly Section[] = [
    ["Program", programRows()],
    ["Machine", machineRows()],
    ["Devices", await deviceSection()],
    ["Hub", await hubRows()],
    ["Model", await modelRows(flags)],
    ["Settings", settingRows()],
  ];
  await printText(flags.json ? json(sections) : sectionPage(sections), signal);
}

function programRows(): Row[] {
  return [
    ["bertkit", version()],
    ["Node", `${process.version}, V8 ${process.versions.v8}`],
    ["program", process.argv[1] ?? ""],
  ];
}

function machineRows(): Row[] {
  const [processor] = cpus();
  return [
    ["system", `${platform()} ${arch()}, ${release()}`],
    ["processor", `${processor?.model.trim() || "unknown"}, ${availableParallelism()} of ${cpus().length} usable`],
    ["memory", `${bytes(totalmem())}, ${bytes(freemem())} free`],
  ];
}

async function deviceSection(): Promise<Row[]> {
  const { listDevices, openBackend } = await import("bertkit");
  const rows = deviceRows(await listDevices());
  const backend = await openBackend({ wide: true });
  const { name } = backend;
  backend[Symbol.dispose]();
  return [...rows, ["encode uses", name]];
}

async function hubRows(): Promise<Row[]> {
  const { hubSettings, listCachedModels } = await import("bertkit");
  const { endpoint, cacheFolder, offline, tokenSource } = await hubSettings();
  const models = await listCachedModels();
  const size = models.reduce((sum, model) => sum + model.bytes, 0);
  const held = models.length === 1 ? "1 model" : `${models.length} models`;
  const proxies = ["HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "NO_PROXY"].filter(
    (name) => process.env[name] || process.env[name.toLowerCase()],
  );
  return [
    ["address", endpoint],
    ["cache", `${cacheFolder}: ${held}, ${bytes(size)}`],
    ["offline", offline ? "yes" : "no"],
    ["token", tokenSource === undefined ? "none" : `from ${tokenSource}`],
    ["proxy", proxies.length > 0 ? `${proxies.join(", ")} set` : "none"],
  ];
}

async function modelRows(flags: DoctorFlags): Promise<Row[]> {
  const { inspectModel } = await import("bertkit");
  const model = await modelOf(flags);
  const why = flags.model ? "as asked for" : "the default";
  const rows: Row[] = [["would be used", `${model} (${why})`]];
  try {
    const { config, parameters, bytes: size, sentence } = await inspectModel(model, { offline: true });
    const { layers, width } = config;
    rows.push(["ready", "yes"]);
    rows.push([
      "is",
      `${layers} blocks of width ${width}, ${parameters.toLocaleString("en")} parameters, ${bytes(size)}`,
    ]);
    rows.push(["gives", `vectors of ${sentence.width}, texts of up to ${sentence.maxLength} tokens`]);
  } catch (error) {
    rows.push(["ready", `no: ${error instanceof Error ? error.message.replace(/\s*\n\s*/g, " ") : String(error)}`]);
  }
  return rows;
}

function settingRows(): Row[] {
  const names = Object.keys(process.env).filter(
    (name) => /^(BERTKIT|HF|HUGGINGFACE)_/.test(name) || name === "NO_COLOR",
  );
  const shown = names.sort().map((name) => {
    return /TOKEN/.test(name) ? `${name} (hidden)` : `${name}=${withoutSecrets(process.env[name] ?? "")}`;
  });
  return [
    ["file", configPath()],
    ["environment", shown.join(" ") || "nothing of ours or of Hugging Face's"],
    ["terminal", `${process.stdout.isTTY ? "yes" : "no"}, ${process.env.TERM ?? "TERM not set"}`],
  ];
}

/** An address without a password or a signature in it. */
function withoutSecrets(value: string): string {
  return value.replace(/\/\/[^/@]*@/, "//…@").replace(/^(https?:[^?]*)\?.*/, "$1?…");
}

function json(sections: readonly Section[]): string {
  const entries = sections.map(([title, rows]) => [title.toLowerCase(), Object.fromEntries(rows)]);
  return `${JSON.stringify(Object.fromEntries(entries), null, 2)}\n`;
}
