/**
 * How many cores this process may use, two threads of one core counted once: arithmetic gains nothing from the second.
 * Node: those of its affinity and of the control group's quota; other engines tell threads only, and half of them is
 * taken. 1 at least.
 */
export function physicalCores(): number {
  const { process, navigator } = globalThis as {
    process?: NodeJS.Process;
    navigator?: { hardwareConcurrency?: number };
  };
  if (process?.release?.name !== "node") return Math.max(1, Math.ceil((navigator?.hardwareConcurrency ?? 1) / 2));
  const os = process.getBuiltinModule("node:os");
  const { readFileSync } = process.getBuiltinModule("node:fs");
  const read = (path: string): string | undefined => {
    try {
      return readFileSync(path, "utf8");
    } catch {
      return undefined;
    }
  };
  const threads = os.availableParallelism();
  const cores = process.platform === "linux" ? linuxCores(read) : undefined;
  return Math.max(1, Math.min(threads, cores ?? threads, Math.ceil(quota(read) ?? threads)));
}

type Read = (path: string) => string | undefined;

/** Cores that own a processor this process may run on; undefined where the system does not tell. */
export function linuxCores(read: Read): number | undefined {
  const allowed = /^Cpus_allowed_list:\s*(\S+)$/m.exec(read("/proc/self/status") ?? "")?.[1];
  if (allowed === undefined) return undefined;
  const cores = new Set<string>();
  for (const processor of numbersIn(allowed)) {
    const siblings = read(`/sys/devices/system/cpu/cpu${processor}/topology/thread_siblings_list`)?.trim();
    cores.add(siblings ?? String(processor));
  }
  return cores.size > 0 ? cores.size : undefined;
}

/** The list "0-2,5" of processors, as numbers. */
function numbersIn(list: string): number[] {
  return list.split(",").flatMap((range) => {
    const [from, to = from] = range.split("-").map(Number) as [number, number?];
    return Array.from({ length: to! - from + 1 }, (_, index) => from + index);
  });
}

/** Processors' worth of time that a control group gives, version 2 or 1: the least of it and those around it. */
export function quota(read: Read): number | undefined {
  const groups = read("/proc/self/cgroup") ?? "";
  const second = /^0::(\/.*)$/m.exec(groups)?.[1];
  const first = /^\d+:(?:[^:]*,)?cpu(?:,[^:]*)?:(\/.*)$/m.exec(groups)?.[1];
  const shares = [
    ...pathsUp(second).map((path) => {
      const [limit, period] = (read(`/sys/fs/cgroup${path}/cpu.max`) ?? "").trim().split(" ");
      return Number(limit) / Number(period);
    }),
    ...pathsUp(first).map((path) => {
      const folder = `/sys/fs/cgroup/cpu${path}`;
      return Number(read(`${folder}/cpu.cfs_quota_us`)) / Number(read(`${folder}/cpu.cfs_period_us`));
    }),
  ].filter((share) => share > 0);
  return shares.length > 0 ? Math.min(...shares) : undefined;
}

/** "/a/b" → "/a/b", "/a" and "", the root. */
function pathsUp(path: string | undefined): string[] {
  if (path === undefined) return [];
  const parts = path.split("/").filter((part) => part !== "");
  return Array.from({ length: parts.length + 1 }, (_, left) =>
    parts
      .slice(0, parts.length - left)
      .map((part) => `/${part}`)
      .join(""),
  );
}
