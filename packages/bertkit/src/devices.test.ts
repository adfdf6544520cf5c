import { expect, test } from "@jest/globals";
import { devices, listDevices, openBackend } from "./devices.js";

test("every device is listed, and the first that is here is the one openBackend takes", async () => {
  const list = await listDevices();
  expect(list.map(({ device }) => device)).toEqual(devices);
  const chosen = list.filter((info) => info.chosen);
  expect(chosen).toHaveLength(1);
  expect(list.find((info) => info.available)).toBe(chosen[0]);
  for (const { reason } of list) expect(reason).not.toBe("");
  using backend = await openBackend();
  expect(backend.name).toContain(chosen[0]!.device);
});

test("a device asked for by name is opened, whatever else is here", async () => {
  using backend = await openBackend({ device: "reference" });
  expect(backend.name).toBe("reference");
});

test("wide is for wasm where the engine can do it, and no obstacle elsewhere", async () => {
  const flags = process.getBuiltinModule("node:v8").cachedDataVersionTag();
  using narrow = await openBackend({ wide: false });
  using wide = await openBackend({ wide: true });
  using reference = await openBackend({ device: "reference", wide: true });
  expect(narrow.name).not.toContain("256-bit");
  const newEngine = process.arch === "x64" && Number.parseInt(process.versions.v8, 10) >= 13;
  if (!newEngine) expect(wide.name).toBe(narrow.name);
  expect(wide.name).toMatch(/^wasm/);
  expect(reference.name).toBe("reference");
  expect(process.getBuiltinModule("node:v8").cachedDataVersionTag()).toBe(flags);
});

test("an unknown device is an error that names the known ones", async () => {
  await expect(openBackend({ device: "gpu" as never })).rejects.toThrow(/no device "gpu"; known: wasm, reference/);
});

test("where WebAssembly SIMD is missing, wasm is absent and the reference is taken", async () => {
  const { validate } = WebAssembly;
  WebAssembly.validate = () => false;
  try {
    const [wasm, reference] = await listDevices();
    expect(wasm).toEqual({
      device: "wasm",
      available: false,
      chosen: false,
      reason: expect.stringMatching(/no WebAssembly SIMD/),
    });
    expect(reference).toMatchObject({ available: true, chosen: true });
    using backend = await openBackend();
    expect(backend.name).toBe("reference");
    await expect(openBackend({ device: "wasm" })).rejects.toThrow(/device wasm is absent: .* leave the device out/);
  } finally {
    WebAssembly.validate = validate;
  }
});
