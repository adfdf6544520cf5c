import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { arch, cpus, loadavg, platform, totalmem } from "node:os";
import { fileURLToPath } from "node:url";

/** What a figure depends on besides the code that was measured. */
export interface Machine {
  readonly device: string;
  readonly cores: number;
  readonly memoryBytes: number;
  readonly system: string;
  /** Processes that wanted to run in the last minute, before the first measurement: above 0 others were at work. */
  readonly load: number;
  readonly versions: Readonly<Record<"node" | "v8" | "onnxruntime-node" | "bertkit", string>>;
}

export function describeMachine(): Machine {
  const processors = cpus();
  return {
    device: processors[0]?.model.trim() ?? "unknown processor",
    cores: processors.length,
    memoryBytes: totalmem(),
    system: `${platform()} ${arch()}`,
    load: loadavg()[0]!,
    versions: {
      node: process.versions.node,
      v8: process.versions.v8,
      "onnxruntime-node": versionIn("../rivals/node_modules/onnxruntime-node/package.json"),
      bertkit: `${versionIn("../../../packages/bertkit/package.json")} (${commit()})`,
    },
  };
}

export function showMachine({ device, cores, memoryBytes, system, load, versions }: Machine): string {
  const memory = `${Math.round(memoryBytes / 2 ** 30)} GiB`;
  const programs = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return `device    ${device}, ${cores} cores, ${memory}, ${system}, load ${load.toFixed(2)}
versions  ${programs.join(", ")}`;
}

function versionIn(path: string): string {
  try {
    const { version } = JSON.parse(readFileSync(new URL(path, import.meta.url), "utf8")) as { version: string };
    return version;
  } catch {
    return "not installed";
  }
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
