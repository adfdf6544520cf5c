import { rmSync } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { Failure } from "../failure.js";
import type { Row } from "../rows/row.js";
import type { RowEncoder } from "./forms/vector-encoder.js";
import { type Journal, removeJournal, type Tally, writeJournal } from "./journal.js";
import type { Lock } from "./lock.js";
import { outputFailure } from "./output-failure.js";
import type { RunFiles } from "./output-place.js";
import type { PartialFile } from "./partial-file.js";
import { rowCount } from "./row-count.js";
import { RowDigest } from "./row-digest.js";
import type { RowOutput } from "./vector-output.js";

/** What a run that leaves a file is made of. */
export interface RunParts<Value> {
  /** The name by which the person knows the output. */
  readonly name: string;
  readonly files: RunFiles;
  readonly lock: Lock;
  readonly partial: PartialFile;
  readonly encoder: RowEncoder<Value>;
  /** Makes the final file out of the partial one, where they differ. */
  readonly finalise: ((partial: PartialFile, path: string) => Promise<void>) | undefined;
  readonly identity: () => Promise<Readonly<Record<string, string>>>;
  /** What the interrupted run left that is gone on with. */
  readonly resumed: Journal | undefined;
  readonly checkpointEvery: number;
  readonly quiet: boolean;
  readonly signal: AbortSignal;
}

/** The state at a place where the bytes written stand for themselves. */
type Mark = Omit<Journal, "identity">;

/** An output that appears when it is complete, and can be gone on with when it was interrupted. */
export class ResumableOutput<Value> implements RowOutput<Value> {
  readonly resumedRows: number;
  readonly tally: Tally;
  /** Of the rows up to the last mark. */
  #markedTally: Tally;
  readonly #parts: RunParts<Value>;
  /** Of the rows that were written or left out. */
  #digest = new RowDigest();
  /** The last mark, where rows were gathered since; else the present is one. */
  #mark: Mark | undefined;
  #identity: Readonly<Record<string, string>> | undefined;
  #savedRows: number;
  #nextCheckpoint: number;
  #end: "open" | "refused" | "broken" | "complete" = "open";
  readonly #removeNow: () => void;

  constructor(parts: RunParts<Value>) {
    this.#parts = parts;
    this.resumedRows = parts.resumed?.rows ?? 0;
    this.tally = { ...(parts.resumed?.tally ?? { tokens: 0, truncated: 0 }) };
    this.#markedTally = { ...this.tally };
    this.#savedRows = this.resumedRows;
    this.#nextCheckpoint = performance.now() + parts.checkpointEvery;
    // For the ends that no code below sees: a second Ctrl-C, a bug. What has a journal stays.
    this.#removeNow = () => {
      if (this.#savedRows === 0) rmSync(parts.files.partial, { force: true });
      rmSync(parts.files.final, { force: true });
    };
    process.on("exit", this.#removeNow);
  }

  async *remaining(rows: AsyncIterable<Row>): AsyncGenerator<Row> {
    if (this.#parts.resumed && this.resumedRows === 0) this.#compareRows(); // a journal that lies: it is written for more
    for await (const row of rows) {
      if (this.#digest.rows >= this.resumedRows) {
        yield row;
        continue;
      }
      this.#digest.add(row);
      if (this.#digest.rows === this.resumedRows) this.#compareRows();
    }
    if (this.#digest.rows >= this.resumedRows) return;
    const [there, done] = [rowCount(this.#digest.rows), rowCount(this.resumedRows)];
    throw this.#refusal(`the input ends after ${there}, and the unfinished run has done ${done}`);
  }

  async write(row: Row, value: Value): Promise<void> {
    const { partial, encoder, name, signal } = this.#parts;
    signal.throwIfAborted();
    const bytes = encoder.append(row, value);
    if (bytes === undefined) this.#mark ??= this.#present();
    this.#digest.add(row);
    if (bytes === undefined) return;
    try {
      await partial.append(bytes);
    } catch (error) {
      this.#end = "broken";
      throw outputFailure(name, error);
    }
    this.#mark = undefined;
    this.#markedTally = { ...this.tally };
    if (performance.now() >= this.#nextCheckpoint) await this.#checkpoint();
  }

  async complete(): Promise<void> {
    const { partial, encoder, files, finalise, name, signal } = this.#parts;
    const rows = this.#digest.rows;
    if (rows < this.resumedRows) throw new Error("the rows that are there already were not compared with the input");
    this.#mark ??= this.#present();
    try {
      await partial.append(encoder.finish());
      await partial.sync(encoder.header?.(rows));
      await finalise?.(partial, files.final);
      signal.throwIfAborted();
      await rename(finalise ? files.final : files.partial, files.target);
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof Failure) this.#end = "broken"; // going on would end the same way
      throw outputFailure(name, error);
    }
    this.#end = "complete";
    // The journal goes last: as long as it is there, a partial file is.
    await rm(files.partial, { force: true });
    await removeJournal(files.journal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { partial, lock, quiet } = this.#parts;
    if (this.#end === "open") await this.#checkpoint().catch(() => {}); // what failed before is what people need to know
    await partial[Symbol.asyncDispose]();
    process.off("exit", this.#removeNow);
    if (this.#end !== "complete") this.#removeNow();
    lock[Symbol.dispose]();
    if (this.#end === "complete" || this.#end === "refused" || this.#savedRows === 0 || quiet) return;
    process.stderr.write(`stopped after ${rowCount(this.#savedRows)}; the same command with --resume continues\n`);
  }

  /** Writes down where the last mark is, its bytes first. */
  async #checkpoint(): Promise<void> {
    const { partial, files, identity, name, checkpointEvery } = this.#parts;
    const mark = this.#mark ?? this.#present();
    if (mark.rows <= this.#savedRows) return;
    const begun = performance.now();
    this.#identity ??= await identity();
    try {
      await partial.sync();
      await writeJournal(files.journal, { identity: this.#identity, ...mark });
    } catch (error) {
      this.#end = "broken";
      throw outputFailure(name, error);
    }
    this.#savedRows = mark.rows;
    const now = performance.now();
    this.#nextCheckpoint = now + checkpointEvery * Math.max(1, (now - begun) / slowCheckpoint);
  }

  #present(): Mark {
    const { partial, encoder } = this.#parts;
    return {
      rows: this.#digest.rows,
      rowDigest: this.#digest.value(),
      bytes: partial.bytes,
      byteDigest: partial.digest(),
      tally: this.#markedTally,
      state: encoder.state(),
    };
  }

  #compareRows(): void {
    if (this.#digest.value() === this.#parts.resumed?.rowDigest) return;
    const rows = rowCount(this.resumedRows);
    throw this.#refusal(`the input does not begin with the ${rows} that the unfinished run has done`);
  }

  #refusal(problem: string): Failure {
    this.#end = "refused";
    const hint = "give it the same input as then, or begin anew with --restart";
    return new Failure(`${this.#parts.name}: ${problem}`, { hint });
  }
}

/** Milliseconds; what takes longer, since the journal or the disk is, comes less often. */
const slowCheckpoint = 100;
