import { execFileSync } from "node:child_process";
import { chmod, mkdir, mkdtemp, open, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { dataPath, describeWithData } from "@bertkit-tooling/test-data";
import { compress, init } from "@bokuweb/zstd-wasm";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { parquetWriteBuffer } from "hyparquet-writer";
import type { Row, RowSource } from "../rows/row.js";
import { type InputFlags, openRows } from "./open-rows.js";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "bertkit-input-"));
});
afterEach(() => rm(folder, { recursive: true }));

const quiet = new AbortController().signal;

async function put(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

type Flags = Partial<Omit<InputFlags, "input">>;

const opened = (inputs: readonly string[], flags: Flags = {}): Promise<RowSource> =>
  openRows([], { input: inputs.map((name) => join(folder, name)), quotes: true, ...flags }, quiet);

async function rowsOf(source: RowSource): Promise<Row[]> {
  const rows: Row[] = [];
  for await (const row of source.rows) rows.push(row);
  return rows;
}

const readRows = async (inputs: readonly string[], flags?: Flags) => rowsOf(await opened(inputs, flags));
const textsOf = async (inputs: readonly string[], flags?: Flags) =>
  (await readRows(inputs, flags)).map(({ text }) => text);

/** What is said about a mistake, without the folder's name. */
async function failureOf(inputs: readonly string[], flags?: Flags): Promise<unknown> {
  try {
    return await readRows(inputs, flags);
  } catch (error) {
    const { name, message, hint, exitCode } = error as Record<string, unknown>;
    const shown = (text: unknown): string => String(text).replaceAll(`${folder}/`, "").replaceAll(folder, "FOLDER");
    return { name, exitCode, message: shown(message), hint: shown(hint) };
  }
}

describe("one file", () => {
  test("is read as its extensions say", async () => {
    await init();
    const csv = "id,text\n1,a\n2,b\n";
    await put("t.txt", "a\nb\n");
    await put("t", "a\nb");
    await put("t.csv", csv);
    await put("t.TSV", "id\ttext\n1\ta\n2\tb\n");
    await put("t.jsonl", '{"text":"a"}\n{"text":"b"}');
    await put("t.csv.gz", gzipSync(csv));
    await put("t.csv.zst", compress(Buffer.from(csv)));
    await put("t.gz", gzipSync("a\nb\n"));
    await put("t.parquet", new Uint8Array(parquetWriteBuffer({ columnData: [{ name: "text", data: ["a", "b"] }] })));
    for (const name of await readdir(folder)) expect([name, await textsOf([name])]).toEqual([name, ["a", "b"]]);
    expect(await textsOf(["t.csv"], { format: "lines" })).toEqual(["id,text", "1,a", "2,b"]);
    expect(await textsOf(["t.csv.gz"], { format: "lines" })).toEqual(["id,text", "1,a", "2,b"]);
  });

  test("gives place, position and kept cells of each row", async () => {
    await put("t.csv", 'id,text,label\n7,"a\nb",x\n8,c,y\n');
    const source = await opened(["t.csv"], { keep: ["label"], id: "id" });
    expect(source.extent).toBe(30);
    expect(source.files).toEqual([join(folder, "t.csv")]);
    expect(await source.columns()).toEqual([
      { name: "id", type: "string" },
      { name: "label", type: "string" },
    ]);
    expect(await rowsOf(source)).toEqual([
      { text: "a\nb", cells: ["7", "x"], position: 24, place: `${folder}/t.csv:2` },
      { text: "c", cells: ["8", "y"], position: 30, place: `${folder}/t.csv:4` },
    ]);
    expect(source.warning()).toBeUndefined();
  });

  test("counts positions in its own bytes where it is compressed", async () => {
    const packed = gzipSync("a\nb\nc\n");
    await put("t.gz", packed);
    const source = await opened(["t.gz"]);
    expect(source.extent).toBe(packed.length);
    const positions = (await rowsOf(source)).map(({ position }) => position);
    expect(positions.at(-1)).toBe(packed.length);
    expect([...positions].sort((a, b) => a - b)).toEqual(positions);
  });

  test("may have no rows, or nothing at all", async () => {
    await put("empty.csv", "");
    await put("header.csv", "text,label\n");
    await put("empty.jsonl", "");
    await put("empty.txt", "");
    for (const name of await readdir(folder)) expect(await textsOf([name])).toEqual([]);
    expect(await (await opened(["header.csv"], { keep: ["*"] })).columns()).toEqual([
      { name: "label", type: "string" },
    ]);
    expect(await (await opened(["empty.csv"], { keep: ["label"] })).columns()).toEqual([
      { name: "label", type: "string" },
    ]);
  });

  test("skips blank lines of a table unless they are texts", async () => {
    await put("one.csv", "text\na\n\nb\n");
    await put("two.csv", "id,text\n1,a\n\n2,b\n\n");
    expect(await textsOf(["one.csv"])).toEqual(["a", "", "b"]);
    expect(await textsOf(["two.csv"])).toEqual(["a", "b"]);
  });

  test("need not have texts where none are wanted", async () => {
    await put("v.csv", "id,vector\n1,2\n");
    const flags = { input: [join(folder, "v.csv")], keep: ["vector"], quotes: true };
    const rows = await rowsOf(await openRows([], flags, quiet, { needsText: false }));
    expect(rows).toMatchObject([{ text: "", cells: ["2"] }]);
  });

  test("warns once of what is not UTF-8", async () => {
    await put("t.txt", Buffer.concat([Buffer.from("a\ncaf"), Buffer.of(0xe9, 0x0a, 0xff)]));
    const source = await opened(["t.txt"]);
    expect((await rowsOf(source)).map(({ text }) => text)).toEqual(["a", "caf\ufffd", "\ufffd"]);
    expect(source.warning()).toMatch(
      /t\.txt:2: 2 lines are not valid UTF-8, this the first; what is not became U\+FFFD/,
    );
  });

  test("may be a named pipe", async () => {
    const pipe = join(folder, "pipe");
    execFileSync("mkfifo", [pipe]);
    const source = await opened(["pipe"], { format: "csv", keep: ["label"] });
    const writing = open(pipe, "w").then(async (file) => {
      await file.write("text,label\na,x\n");
      await file.close();
    });
    expect(await source.columns()).toEqual([{ name: "label", type: "string" }]);
    expect(source.extent).toBeUndefined();
    expect(await rowsOf(source)).toMatchObject([{ text: "a", cells: ["x"] }]);
    await writing;
  });
});

describe("several files", () => {
  test("are read in the order of their names in a pattern, and of the patterns", async () => {
    await mkdir(join(folder, "more"));
    await put("b.csv", "text,label\nb,2\n");
    await put("a.csv", "label,text\n1,a\n");
    await put("more/c.jsonl", '{"label":3,"text":"c"}\n{"text":"d"}\n');
    const source = await opened(["*.csv", "more/*.jsonl"], { keep: ["label"], id: "#" });
    expect(source.files.map((file) => file.slice(folder.length + 1))).toEqual(["a.csv", "b.csv", "more/c.jsonl"]);
    expect(await source.columns()).toEqual([
      { name: "id", type: "integer" },
      { name: "label", type: "string" },
    ]);
    const rows = await rowsOf(source);
    expect(rows.map(({ text, cells }) => [text, ...cells])).toEqual([
      ["a", 1, "1"],
      ["b", 2, "2"],
      ["c", 3, 3],
      ["d", 4, null],
    ]);
    expect(rows.at(-1)?.position).toBe(source.extent);
  });

  test("a file whose name is a pattern is meant itself", async () => {
    await put("a[1].txt", "itself");
    await put("a1.txt", "matched");
    expect(await textsOf(["a[1].txt"])).toEqual(["itself"]);
  });

  test("that are not UTF-8 give one warning, of the first", async () => {
    await put("a.txt", Buffer.of(0xff, 0x0a));
    await put("b.txt", Buffer.of(0xff, 0x0a));
    const source = await opened(["a.txt", "b.txt"]);
    await rowsOf(source);
    expect(source.warning()).toMatch(/a\.txt:1: 2 lines are not valid UTF-8/);
  });

  test("a kept column that a later one lacks fails before anything is read", async () => {
    await put("a.csv", "text,label\na,1\n");
    await put("b.csv", "text,lable\nb,2\n");
    const flags: Flags = { keep: ["label"] };
    await expect(opened(["a.csv", "b.csv"], flags)).rejects.toThrow("which is kept of");
    expect(await failureOf(["a.csv", "b.csv"], flags)).toMatchObject({
      message: 'b.csv: no column named "label", which is kept of a.csv',
    });
  });
});

describe("what goes wrong", () => {
  test.each<[string, Flags, number, string, string]>([
    ["texts.tx", {}, 1, "texts.tx: no such file or folder", "did you mean texts.txt?"],
    ["none/t.csv", {}, 1, "none/t.csv: no such file or folder", "check the name"],
    ["texts.txt/t.csv", {}, 1, "a part of the path is a file", "check the path"],
    ["*.tvs", {}, 1, "*.tvs: no file matches this pattern", "in FOLDER there are "],
    ["folder", {}, 1, "folder: this is a folder, wanted a file", "--input 'folder/*.csv'"],
    ["t.bin", {}, 2, "t.bin: .bin does not say how the texts lie in it", "add --format lines|csv|tsv|jsonl|parquet"],
    ["t.parquet.gz", {}, 2, "Parquet is compressed inside", "gzip -dc t.parquet.gz > t.parquet"],
    ["texts.txt", { field: "x" }, 2, "--field is for files with columns", "--format csv"],
    [
      "texts.txt",
      { quotes: false },
      2,
      "--no-quotes is for csv and tsv, but texts.txt is read as lines",
      "leave it out",
    ],
    ["texts.txt", { keep: ["label"] }, 1, 'no column named "label"; there are "text"', "--format"],
    [
      "t.csv",
      { field: "txt" },
      1,
      't.csv: no column named "txt"; there are "id", "text"',
      "did you mean --field text?",
    ],
    ["ragged.csv", {}, 1, "ragged.csv:3: 3 fields where the header has 2", "in quotes"],
    ["ragged.tsv", {}, 1, "ragged.tsv:3: 1 fields where the header has 2", "tabs"],
    ["quoted.csv", {}, 1, "quoted.csv:4: 3 fields where the header has 2", "--no-quotes"],
    ["open.csv", {}, 1, "open.csv:2: a quote that opens in this line is never closed", "--no-quotes"],
    ["text.gz", {}, 1, "text.gz: named .gz, but this is not gzip", "rename it"],
    ["packed.csv", {}, 1, "packed.csv: wanted text, this is compressed by gzip", ".gz"],
    ["wide.txt", {}, 1, "wide.txt: wanted UTF-8, this is UTF-16", "iconv -f UTF-16 -t UTF-8 wide.txt"],
    ["text.parquet", {}, 1, "text.parquet: this is not Parquet", "--format"],
  ])("%s with %j", async (name, flags, exitCode, message, hint) => {
    await mkdir(join(folder, "folder"));
    await put("folder/README.md", "");
    await put("folder/t.csv", "");
    await put("texts.txt", "a");
    await put("t.bin", "a");
    await put("t.parquet.gz", "a");
    await put("t.csv", "id,text\n1,a\n");
    await put("ragged.csv", "id,text\n1,a\n2,b,c\n");
    await put("ragged.tsv", "id\ttext\n1\ta\n2\n");
    await put("quoted.csv", 'id,text\n1,"a\n"\n2,b,c\n');
    await put("open.csv", 'id,text\n1,"a\n');
    await put("text.gz", "id,text\n");
    await put("packed.csv", gzipSync("id,text\n"));
    await put("wide.txt", Buffer.from("\ufefftext", "utf16le"));
    await put("text.parquet", "id,text\n1,a\n");
    expect(await failureOf([name], flags)).toEqual({
      name: "Failure",
      exitCode,
      message: expect.stringContaining(message),
      hint: expect.stringContaining(hint),
    });
  });

  const asOthers = process.getuid?.() === 0 ? test.skip : test;
  asOthers("a file that may not be read", async () => {
    await chmod(await put("t.csv", "text\n"), 0o000);
    expect(await failureOf(["t.csv"])).toMatchObject({ message: "t.csv: permission denied" });
  });

  test("a mistake in the last name is found before the first file is read", async () => {
    await put("a.txt", "a");
    await expect(opened(["a.txt", "b.txt"])).rejects.toThrow("b.txt: no such file or folder");
  });

  test("rows before a wrong one are given", async () => {
    await put("t.csv", "id,text\n1,a\n2,b,c\n");
    const texts: string[] = [];
    const reading = async () => {
      for await (const { text } of (await opened(["t.csv"])).rows) texts.push(text);
    };
    await expect(reading()).rejects.toThrow("t.csv:3: 3 fields");
    expect(texts).toEqual(["a"]);
  });

  test.each<[readonly string[], Partial<InputFlags>, string]>([
    [["a"], { input: ["t.txt"] }, "not from both"],
    [["a", "-"], {}, "stands alone"],
    [["a"], { field: "b" }, "not for texts given as arguments"],
    [["a"], { quotes: false }, "not for texts given as arguments"],
    [["a"], { keep: ["b"] }, "no columns to keep"],
    [[], { input: ["-", "-"] }, "only once"],
    [["-"], { format: "parquet" }, "read from its end"],
    [["-"], { format: "jsonl", quotes: false }, "--no-quotes is for csv and tsv"],
  ])("texts %j with %j are wrong usage", async (texts, flags, message) => {
    await expect(openRows(texts, { quotes: true, ...flags }, quiet)).rejects.toMatchObject({
      message: expect.stringContaining(message),
      hint: expect.any(String),
      exitCode: 2,
    });
  });
});

test("texts of the command line are rows, numbered if asked", async () => {
  const source = await openRows(["a", ""], { quotes: true, id: "#" }, quiet);
  expect(await source.columns()).toEqual([{ name: "id", type: "integer" }]);
  expect(await rowsOf(source)).toEqual([
    { text: "a", cells: [1], position: 1, place: "text 1" },
    { text: "", cells: [2], position: 2, place: "text 2" },
  ]);
  expect([source.extent, source.files]).toEqual([2, []]);
});

test("--input may come as the string that a command line with one file gives", async () => {
  const input = (await put("t.txt", "a")) as unknown as readonly string[];
  expect(await rowsOf(await openRows([], { input, quotes: true }, quiet))).toMatchObject([{ text: "a" }]);
});

describe("a reader that leaves", () => {
  const onLinux = process.platform === "linux" ? test : test.skip;

  onLinux.each(["t.txt", "t.csv", "t.jsonl", "t.txt.gz", "t.parquet"])("closes %s", async (name) => {
    const texts = Array.from({ length: 50_000 }, (_, i) => `text ${i}`);
    await put("t.txt", texts.join("\n"));
    await put("t.csv", ["text,id", ...texts.map((text) => `${text},1`)].join("\n"));
    await put("t.jsonl", texts.map((text) => JSON.stringify({ text })).join("\n"));
    await put("t.txt.gz", gzipSync(texts.join("\n")));
    await put("t.parquet", new Uint8Array(parquetWriteBuffer({ columnData: [{ name: "text", data: texts }] })));
    const before = await openFiles();
    for await (const { text } of (await opened([name])).rows) {
      expect(text).toBe("text 0");
      break;
    }
    while ((await openFiles()).length > before.length) await new Promise((resolve) => setImmediate(resolve));
    expect(await openFiles()).toEqual(before);
  });

  test("by an abort ends the wait for a pipe that nobody writes to", async () => {
    execFileSync("mkfifo", [join(folder, "pipe")]);
    const stop = new AbortController();
    const source = await openRows([], { input: [join(folder, "pipe")], quotes: true }, stop.signal);
    const reading = rowsOf(source);
    stop.abort(new Error("enough"));
    await expect(reading).rejects.toThrow("enough");
  });

  test("by an abort ends the wait for more of a pipe", async () => {
    execFileSync("mkfifo", [join(folder, "pipe")]);
    const stop = new AbortController();
    const source = await openRows([], { input: [join(folder, "pipe")], quotes: true }, stop.signal);
    const rows = source.rows[Symbol.asyncIterator]();
    const first = rows.next();
    const writer = await open(join(folder, "pipe"), "w");
    await writer.write("a\n");
    expect((await first).value).toMatchObject({ text: "a" });
    const second = rows.next();
    stop.abort(new Error("enough"));
    await expect(second).rejects.toThrow("enough");
    await writer.close();
  });

  async function openFiles(): Promise<string[]> {
    return (await readdir("/proc/self/fd")).sort();
  }
});

describeWithData("classification", "real files", () => {
  test("SST-2 is read whole, its labels too", async () => {
    const file = dataPath("classification/sst2/dev.tsv");
    const rows = await rowsOf(await openRows([], { input: [file], keep: ["label"], quotes: true }, quiet));
    expect(rows).toHaveLength(872);
    expect(rows[0]).toMatchObject({ text: "it 's a charming and often affecting journey . ", cells: ["1"] });
  });

  test("MRPC has a byte order mark, and quotes that are no delimiters", async () => {
    const flags = {
      input: [dataPath("classification/mrpc/*.tsv")],
      field: "#1 String",
      keep: ["Quality"],
      quotes: false,
    };
    const rows = await rowsOf(await openRows([], flags, quiet));
    expect(rows).toHaveLength(3668 + 408);
    expect(new Set(rows.map(({ cells }) => cells[0]))).toEqual(new Set(["0", "1"]));
  });

  test("STS-B with its quotes taken for delimiters says what to do", async () => {
    const input = [dataPath("similarity/stsb/train.tsv")];
    const failure = await openRows([], { input, field: "sentence1", quotes: true }, quiet)
      .then(rowsOf)
      .catch((error: unknown) => error);
    expect(failure).toMatchObject({ name: "Failure", hint: expect.stringContaining("--no-quotes") });
    const rows = await rowsOf(await openRows([], { input, field: "sentence1", quotes: false }, quiet));
    expect(rows).toHaveLength(5749);
  });
});
