// A worker: takes lines as one string, which is sent faster than many, gives their ids end to end and where each begins.
import { parentPort, workerData } from "node:worker_threads";
import { loadTokenizer } from "bertkit";

const tokenizer = await loadTokenizer(workerData as string);
const port = parentPort!;

port.on("message", (lines: string) => {
  const rows = lines.split("\n").map((text) => tokenizer.encodeIds(text));
  const offsets = new Int32Array(rows.length + 1);
  for (const [i, row] of rows.entries()) offsets[i + 1] = offsets[i]! + row.length;
  const ids = new Int32Array(offsets.at(-1)!);
  for (const [i, row] of rows.entries()) ids.set(row, offsets[i]);
  port.postMessage({ ids, offsets }, [ids.buffer, offsets.buffer]);
});
port.postMessage("ready");
