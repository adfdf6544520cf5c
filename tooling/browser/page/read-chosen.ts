import { openCheckpoint } from "@bertkit/checkpoint";
import type { ChosenArray } from "./page-program.js";

/** Reads one array of the checkpoint that was chosen in the page's input, and counts the bytes that it took. */
export async function readChosen(name: string): Promise<ChosenArray> {
  const input = document.querySelector<HTMLInputElement>("#files")!;
  return countingBytes(async (bytesSoFar) => {
    const source = await openCheckpoint([...(input.files ?? [])]);
    try {
      const opened = bytesSoFar();
      const values = Array.from(await source.read(name));
      return { names: [...source.entries.keys()], values, opened, read: bytesSoFar() - opened };
    } finally {
      await source.close();
    }
  });
}

/** A page has files' bytes by `arrayBuffer` of a part: while `work` goes on, their lengths are added up. */
async function countingBytes<Result>(work: (bytesSoFar: () => number) => Promise<Result>): Promise<Result> {
  const { arrayBuffer } = Blob.prototype;
  let bytes = 0;
  Blob.prototype.arrayBuffer = function (this: Blob) {
    bytes += this.size;
    return arrayBuffer.call(this);
  };
  try {
    return await work(() => bytes);
  } finally {
    Blob.prototype.arrayBuffer = arrayBuffer;
  }
}
