import type { DeviceInfo } from "bertkit";

/** Devices with why they are used or not, marked: → chosen, · there, ✗ absent. */
export function deviceRows(devices: readonly DeviceInfo[]): [label: string, reason: string][] {
  return devices.map(({ device, available, chosen, reason }) => [
    `${chosen ? "→" : available ? "·" : "✗"} ${device}`,
    reason,
  ]);
}
