import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { arch, cpus, loadavg, platform, totalmem } from "node:os";
import { fileURLToPath } from "node:url";
import { versionOfRival } from "./rivals/load-rival.js";

/** What a figure depends on besides the code that was measured. */
export interface Machine {
  readonly device: string;
  readonly cores: number;
  readonly memoryBytes: number;
  readonly system: string;
  /** Processes that wanted to run in the last minute, before the first measurement: above 0 others were at work. */
  readonly load: number;
  /** What the processor can do at once, of what decides here. */
  readonly vectors: readonly string[];
  readonly versions: Readonly<Record<string, string>> & Readonly<Record<"node" | "bertkit", string>>;
}

const rivals = ["onnxruntime-node", "onnxruntime-web", "@huggingface/transformers", "@tensorflow/tfjs-backend-wasm"];
const extensions = ["avx2", "fma", "avx512f", "avx512_vnni", "avx_vnni", "asimd", "asimddp", "i8mm"];

export function describeMachine(): Machine {
  const processors = cpus();
  return {
    device: processors[0]?.model.trim() ?? "unknown processor",
    cores: processors.length,
    memoryBytes: totalmem(),
    system: `${platform()} ${arch()}`,
    load: loadavg()[0]!,
    vectors: vectorExtensions(),
    versions: {
      node: process.versions.node,
      v8: process.versions.v8,
      ...Object.fromEntries(rivals.map((name) => [name, versionOfRival(name)])),
      bertkit: `${ownVersion()} (${commit()})`,
    },
  };
}

export function showMachine({ device, cores, memoryBytes, system, load, vectors, versions }: Machine): string {
  const memory = `${Math.round(memoryBytes / 2 ** 30)} GiB`;
  const programs = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  const can = vectors.length > 0 ? ` (${vectors.join(" ")})` : "";
  return `device    ${device}${can}, ${cores} cores, ${memory}, ${system}, load ${load.toFixed(2)}
versions  ${programs.join(", ")}`;
}

/** As Linux lists them; none elsewhere. */
function vectorExtensions(): string[] {
  try {
    const flags = /^(?:flags|Features)\s*:(.*)$/m.exec(readFileSync("/proc/cpuinfo", "utf8"))?.[1]?.split(" ") ?? [];
    return extensions.filter((name) => flags.includes(name));
  } catch {
    return [];
  }
}

function ownVersion(): string {
  const path = new URL("../../../packages/bertkit/package.json", import.meta.url);
  return (JSON.parse(readFileSync(path, "utf8")) as { version: string }).version;
}

function commit(): string {
  try {
    const repository = fileURLToPath(new URL("../../..", import.meta.url));
    const git = (...parts: string[]) => execFileSync("git", ["-C", repository, ...parts], { encoding: "utf8" }).trim();
    return git("describe", "--always", "--dirty", "--exclude=*");
  } catch {
    return "no git";
  }
}
