import { describe, expect, test } from "@jest/globals";
import { exitCodes, Failure } from "../failure.js";
import { describeForm, type OutputFormFlags, outputFormOf } from "./output-form.js";

describe("the form of an output", () => {
  test.each<[OutputFormFlags, string]>([
    [{}, "float32 jsonl"],
    [{ output: "-", outputFormat: "raw", outputType: "int8" }, "int8 raw"],
    [{ output: "a/v.JSONL" }, "float32 jsonl"],
    [{ output: "v.ndjson.gz" }, "float32 jsonl, gzip"],
    [{ output: "v.csv.zst" }, "float32 csv, zstd"],
    [{ output: "v.tsv", outputType: "float16" }, "float16 tsv"],
    [{ output: "v.parquet", outputType: "ubinary" }, "ubinary parquet"],
    [{ output: "v.npy" }, "float32 npy"],
    [{ output: "v.f16" }, "float16 raw"],
    [{ output: "v.i8" }, "int8 raw"],
    [{ output: "v.i8", outputType: "binary" }, "binary raw"],
    [{ output: "v.bin.gz", outputType: "uint8" }, "uint8 raw, gzip"],
    [{ output: "v.txt", outputFormat: "csv" }, "float32 csv"],
    [{ output: "v.f16", outputFormat: "npy" }, "float32 npy"],
  ])("of %j is %s", (flags, form) => {
    expect(describeForm(outputFormOf(flags))).toBe(form);
  });

  test.each<[OutputFormFlags, RegExp, RegExp]>([
    [{ output: "vectors" }, /^vectors: it has no extension/, /--output-format jsonl\|csv/],
    [{ output: "v.xls" }, /^v\.xls: \.xls is no known form/, /name it \.jsonl/],
    [{ output: "v.gz" }, /no extension/, /--output-format/],
    [{ output: "v.npy.gz" }, /numpy\.load reads no compressed file/, /leave out \.gz/],
    [{ output: "v.parquet.zst" }, /parquet compresses inside/, /leave out \.zst/],
    [{ output: "v.f32", outputType: "int8" }, /\.f32 stands for float32, and --output-type says int8/, /\.bin/],
    [{ output: "v.u8", outputType: "binary" }, /\.u8 stands for uint8 or ubinary/, /leave out --output-type/],
  ])("of %j is a mistake, and what to do is said", (flags, sentence, hint) => {
    let failure: unknown;
    try {
      outputFormOf(flags);
    } catch (error) {
      failure = error;
    }
    if (!(failure instanceof Failure)) throw new Error("wanted a failure");
    expect(failure.message).toMatch(sentence);
    expect(failure.hint).toMatch(hint);
    expect(failure.exitCode).toBe(exitCodes.usage);
  });
});
