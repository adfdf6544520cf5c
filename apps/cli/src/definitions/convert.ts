import { Command, Option } from "commander";
import type { ConvertFlags } from "../commands/convert.js";
import { type CommandDefinition, define } from "./command-definition.js";
import { commonOptions } from "./options.js";

/** The formats that `--to` takes: those of the package bertkit, which help must not load. */
const formatNames = ["safetensors", "tensorflow", "onnx"] as const;

/** What `--precision` takes here, likewise. */
const storedPrecisions = ["float32", "float16", "bfloat16", "int8"] as const;

/** `bertkit convert`. */
export function convertDefinition(signal: AbortSignal): CommandDefinition {
  const command = new Command("convert")
    .summary("a model in another format")
    .description(
      "Write a model as safetensors, TensorFlow checkpoint or ONNX, and compare what it gives before and after.",
    )
    .argument("<from>", "a folder, an archive, a weights file, an http(s) address, or a name on the hub")
    .argument("<to>", "the folder to write, which appears when it is complete")
    .optionsGroup("Output:")
    .addOption(new Option("--to <format>", "the format").choices(formatNames).default("safetensors"))
    .addOption(new Option("--precision <type>", "of the weights (default: as stored)").choices(storedPrecisions))
    .option("--force", "replace a folder that holds nothing but an older model");
  command.optionsGroup("Model:").option("--offline", "use only what has been fetched before");
  commonOptions(command, "print the whole report as JSON");
  command.action(async (from: string, to: string, flags: ConvertFlags) => {
    await (await import("../commands/convert.js")).convert({ from, folder: to }, flags, signal);
  });
  return define(command, {
    examples: [
      { line: "bertkit convert sentence-transformers/all-MiniLM-L6-v2 minilm-half --precision float16" },
      { line: "bertkit convert sentence-transformers/all-MiniLM-L6-v2 minilm-onnx --to onnx --precision int8" },
      { line: "bertkit convert sentence-transformers/all-MiniLM-L6-v2 minilm-google --to tensorflow" },
    ],
    sections: [
      {
        title: "Formats",
        body: `safetensors: a folder that transformers and sentence-transformers open as it is, in float32, float16, bfloat16 or
int8 (docs/int8.md). tensorflow: bert_model.ckpt, bert_config.json and vocab.txt as google-research/bert has them, of a
BERT, in float32. onnx: onnx/model.onnx, in int8 onnx/model_quantized.onnx, with the files that transformers.js, optimum
and sentence-transformers look for. The outputs for a sample text are compared before and after; where they differ more
than the precision explains, nothing is written. An ONNX model is run where onnxruntime-node is installed.`,
      },
    ],
  });
}
