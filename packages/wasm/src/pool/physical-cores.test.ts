import { describe, expect, test } from "@jest/globals";
import { linuxCores, physicalCores, quota } from "./physical-cores.js";

const files = (contents: Readonly<Record<string, string>>) => (path: string) => contents[path];

/** A processor's list of the processors of its core. */
const siblings = (lists: Readonly<Record<number, string>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(lists).map(([processor, list]) => [
      `/sys/devices/system/cpu/cpu${processor}/topology/thread_siblings_list`,
      `${list}\n`,
    ]),
  );

describe("linuxCores", () => {
  test("counts two threads of one core once", () => {
    const read = files({
      "/proc/self/status": "Name:\tnode\nCpus_allowed_list:\t0-3\n",
      ...siblings({ 0: "0,2", 1: "1,3", 2: "0,2", 3: "1,3" }),
    });
    expect(linuxCores(read)).toBe(2);
  });

  test("counts only processors that the process may run on", () => {
    const read = files({
      "/proc/self/status": "Cpus_allowed_list:\t1,4-5\n",
      ...siblings({ 0: "0-1", 1: "0-1", 4: "4-5", 5: "4-5" }),
    });
    expect(linuxCores(read)).toBe(2);
  });

  test("takes a processor for a core where the system does not tell, and nothing where it says nothing", () => {
    expect(linuxCores(files({ "/proc/self/status": "Cpus_allowed_list:\t0-2\n" }))).toBe(3);
    expect(linuxCores(files({}))).toBeUndefined();
  });
});

describe("quota", () => {
  test("is the least of a control group and those around it", () => {
    const read = files({
      "/proc/self/cgroup": "0::/pod/box\n",
      "/sys/fs/cgroup/pod/box/cpu.max": "max 100000\n",
      "/sys/fs/cgroup/pod/cpu.max": "150000 100000\n",
      "/sys/fs/cgroup/cpu.max": "400000 100000\n",
    });
    expect(quota(read)).toBe(1.5);
  });

  test("reads control groups of version 1", () => {
    const read = files({
      "/proc/self/cgroup": "4:cpu,cpuacct:/box\n1:memory:/box\n",
      "/sys/fs/cgroup/cpu/box/cpu.cfs_quota_us": "300000\n",
      "/sys/fs/cgroup/cpu/box/cpu.cfs_period_us": "100000\n",
    });
    expect(quota(read)).toBe(3);
    const unlimited = files({
      "/proc/self/cgroup": "4:cpu:/\n",
      "/sys/fs/cgroup/cpu/cpu.cfs_quota_us": "-1\n",
      "/sys/fs/cgroup/cpu/cpu.cfs_period_us": "100000\n",
    });
    expect(quota(unlimited)).toBeUndefined();
  });

  test("is nothing without control groups, and nothing for a file that says nothing", () => {
    expect(quota(files({}))).toBeUndefined();
    expect(quota(files({ "/proc/self/cgroup": "0::/\n", "/sys/fs/cgroup/cpu.max": "" }))).toBeUndefined();
  });
});

test("this machine has at least one core, and no more than processors", () => {
  const { availableParallelism } = process.getBuiltinModule("node:os");
  expect(physicalCores()).toBeGreaterThanOrEqual(1);
  expect(physicalCores()).toBeLessThanOrEqual(availableParallelism());
});
