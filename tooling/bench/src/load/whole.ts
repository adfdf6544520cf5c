// Program: a model → the time until its encoder is loaded, and the most memory on the way.
import { loadFeatureExtractor } from "bertkit";
import { giveResult, inputOfChild } from "../in-child.js";
import { residentMemory } from "../resident-memory.js";
import type { LoadInput, WholeResult } from "./load-child.js";

const { model } = inputOfChild<LoadInput>();
const begin = performance.now();
await loadFeatureExtractor(model, { device: "wasm", threads: 1 });
const loaded = performance.now() - begin;
giveResult({ loaded, residentPeak: residentMemory().residentPeak } satisfies WholeResult);
