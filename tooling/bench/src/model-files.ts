import { basename, join, resolve } from "node:path";
import type { Precision } from "./precision.js";

/** What an exported model is called: its folder's name. */
export const modelName = (folder: string): string => basename(resolve(folder));

/** The ONNX file that tooling/export-onnx writes beside a model. */
export const onnxFile = (folder: string, precision: Precision): string =>
  join(folder, "onnx", precision === "int8" ? "model_int8.onnx" : "model.onnx");
