// Program: a model → the time until its weights are open, and until one tensor in their middle is there.
import { openCheckpoint } from "@bertkit/checkpoint";
import { giveResult, inputOfChild } from "../in-child.js";
import type { LoadInput, OpenResult } from "./load-child.js";

const { model } = inputOfChild<LoadInput>();
// The first request of a process loads Node's client for http, which is no part of a checkpoint's cost.
if (model.startsWith("http")) await (await fetch(`${model}/none`)).body?.cancel();
const begin = performance.now();
const source = await openCheckpoint(model);
const opened = performance.now() - begin;
await source.read([...source.entries.keys()].find((name) => /layer[._]6\W.*query\W(weight|kernel)$/.test(name))!);
giveResult({ opened, firstTensor: performance.now() - begin } satisfies OpenResult);
