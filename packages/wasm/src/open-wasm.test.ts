import { describeBackend } from "@bertkit/tensor/testing";
import { openWasm } from "./index.js";

await describeBackend("wasm", () => openWasm());
await describeBackend("wasm without fused multiply-add", () => openWasm({ fusedMultiplyAdd: false }));
