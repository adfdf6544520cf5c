import { ConfigError } from "@bertkit/layers";
import { type Backend, openReference, UnsupportedError } from "@bertkit/tensor";
import { openWasm } from "@bertkit/wasm";

/** Where arithmetic can happen. */
export type Device = "wasm" | "reference";

/** The best first: what `openBackend` tries in turn. */
export const devices: readonly Device[] = ["wasm", "reference"];

interface DeviceRow {
  /** What it is, for people. */
  readonly what: string;
  /** Why it is absent where it is absent. */
  readonly needs: string;
  readonly open: (options: Pick<OpenBackendOptions, "wide" | "threads">) => Promise<Backend | undefined>;
}

const rows: Readonly<Record<Device, DeviceRow>> = {
  wasm: {
    what: "the processor, WebAssembly SIMD kernels",
    needs: "this JavaScript engine has no WebAssembly SIMD",
    open: ({ wide = false, threads }) => openWasm({ wide, ...(threads !== undefined && { threads }) }),
  },
  reference: {
    what: "the processor, plain TypeScript: for checking, slow",
    needs: "",
    open: async () => openReference(),
  },
};

export interface OpenBackendOptions {
  /** By default the best there is: wasm, then reference. */
  readonly device?: Device | undefined;
  /**
   * True: wasm in operations of 256 bits where Node can be brought to it (24 or later, x64), 1.5 times as fast, with the
   * same vectors to the bit; elsewhere it changes nothing. False by default, because three flags of V8 change for the
   * whole process for some milliseconds, which is for the program to decide; `WasmOptions` of `@bertkit/wasm` says more.
   */
  readonly wide?: boolean | undefined;
  /**
   * How many threads wasm computes on, the calling one included: by default the physical cores that this process may
   * use, and one where there can be no more, as in a page that is not cross-origin isolated. No result depends on it.
   */
  readonly threads?: number | undefined;
}

/**
 * Opens the best device there is, or the one asked for by name; `backend.name` says which. Close it with
 * `backend[Symbol.dispose]()`, or declare it with `using`. Throws `UnsupportedError` for a named device that is absent,
 * `ConfigError` for less than one thread.
 */
export async function openBackend({ device, wide, threads }: OpenBackendOptions = {}): Promise<Backend> {
  if (threads !== undefined && !(Number.isInteger(threads) && threads >= 1)) {
    throw new ConfigError("threads", [`it must be a whole number from 1, got ${threads}`]);
  }
  const candidates = device === undefined ? devices : devices.filter((known) => known === device);
  if (candidates.length === 0) {
    throw new UnsupportedError(`there is no device "${device}"; known: ${devices.join(", ")}`);
  }
  for (const candidate of candidates) {
    const backend = await rows[candidate].open({ wide, threads });
    if (backend) return backend;
  }
  throw new UnsupportedError(
    `device ${device} is absent: ${rows[candidates[0]!].needs}; leave the device out to take another`,
  );
}

/** A device and whether it is here. */
export interface DeviceInfo {
  readonly device: Device;
  readonly available: boolean;
  /** Whether `openBackend()` takes it. */
  readonly chosen: boolean;
  /** What it is, or why it is absent. */
  readonly reason: string;
}

/** Every device, the best first, with the reason why it is taken or not. Opens each for a moment. */
export async function listDevices(): Promise<readonly DeviceInfo[]> {
  const result: DeviceInfo[] = [];
  for (const device of devices) {
    const { what, needs, open } = rows[device];
    const backend = await open({ threads: 1 });
    const available = backend !== undefined;
    backend?.[Symbol.dispose]();
    const chosen = available && !result.some((other) => other.chosen);
    const rank = chosen ? "the fastest here" : "not the fastest here";
    result.push({ device, available, chosen, reason: available ? `${what} (${rank})` : needs });
  }
  return result;
}
