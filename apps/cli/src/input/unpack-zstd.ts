import { Decompress } from "fzstd";
import { Failure } from "../failure.js";
import { ByteQueue } from "./byte-queue.js";
import type { Chunk } from "./chunk.js";

/** Frames that look further back need as much memory; the zstd program draws the line here too. */
const largestWindow = 2 ** 27;

/** Bytes that a block holds at most, packed or unpacked. */
const largestBlock = 2 ** 17;

/**
 * What a stream of zstd holds, frame after frame (RFC 8878); positions are those of the packed bytes. Frames are taken
 * apart into blocks here, so that nothing unpacks to more than a few blocks at once.
 * @throws {Failure} for what is not zstd, is broken, ends too early, or needs a dictionary or too much memory.
 */
export async function* unpackZstd(packed: AsyncIterable<Chunk>, name: string): AsyncGenerator<Chunk> {
  const queue = new ByteQueue(packed);
  const reader = new FrameReader(queue, name);
  try {
    let from: number | undefined;
    for (let frames = 0; ; frames++) {
      const magic = await queue.take(4);
      if (magic.length === 0 && frames > 0) return;
      from ??= queue.position - magic.length;
      const number = magic.length === 4 ? magic.readUInt32LE() : 0;
      if (number >>> 4 === skippableMagic) await reader.skip();
      else if (number !== frameMagic)
        throw frames === 0 ? notZstd(name) : reader.broken("a frame does not begin as one");
      else {
        for await (const bytes of reader.frame(magic)) {
          yield { bytes, from, to: queue.position };
          from = queue.position;
        }
      }
    }
  } finally {
    await queue.close();
  }
}

const frameMagic = 0xfd2fb528;
const skippableMagic = 0x184d2a5; // and four more bits

class FrameReader {
  constructor(
    readonly queue: ByteQueue,
    readonly name: string,
  ) {}

  broken(reason: string, cause?: unknown): Failure {
    const hint = "fetch or copy it again, and compare with zstd -t";
    return new Failure(`${this.name}: this zstd file is broken (${reason})`, { cause, hint });
  }

  async skip(): Promise<void> {
    const length = (await this.#take(4)).readUInt32LE();
    for (let left = length; left > 0; left -= largestBlock) await this.#take(Math.min(left, largestBlock));
  }

  async *frame(magic: Buffer): AsyncGenerator<Uint8Array> {
    const header = await this.#header();
    let unpacked: Uint8Array[] = [];
    let length = 0;
    const decoder = new Decompress((bytes) => {
      length += bytes.length;
      if (bytes.length > 0) unpacked.push(bytes);
    });
    this.#push(decoder, Buffer.concat([magic, header.bytes]), false);
    for (let isLast = false; !isLast; ) {
      const block = await this.#block();
      isLast = block.isLast;
      const checksum = isLast && header.hasChecksum ? await this.#take(4) : Buffer.alloc(0);
      // Given whole blocks, the decoder would hold on to each until the frame ends: it forgets only what it completes.
      this.#push(decoder, block.bytes.subarray(0, -1), false);
      this.#push(decoder, Buffer.concat([block.bytes.subarray(-1), checksum]), isLast);
      yield* unpacked;
      unpacked = [];
    }
    if (header.content !== undefined && header.content !== BigInt(length))
      throw this.broken("a frame has another length");
  }

  async #header(): Promise<FrameHeader> {
    const descriptor = (await this.#take(1))[0] as number;
    const isSingleSegment = (descriptor & 0x20) !== 0;
    const windowBytes = await this.#take(isSingleSegment ? 0 : 1);
    const dictionary = await this.#take([0, 1, 2, 4][descriptor & 3] as number);
    const contentBytes = await this.#take([isSingleSegment ? 1 : 0, 2, 4, 8][descriptor >> 6] as number);
    if (dictionary.some((byte) => byte !== 0)) {
      const hint = `unpack it on the way: zstd -dc -D DICTIONARY ${this.name} | bertkit encode -`;
      throw new Failure(`${this.name}: this zstd file needs a dictionary`, { hint });
    }
    const content = contentOf(contentBytes);
    const window = isSingleSegment ? Number(content) : windowOf(windowBytes[0] as number);
    if (window > largestWindow) {
      const needed = `wants ${Math.ceil(window / 2 ** 20)} MiB of memory, at most ${largestWindow / 2 ** 20} are given`;
      const hint = `unpack it on the way: zstd -dc --long=31 ${this.name} | bertkit encode -`;
      throw new Failure(`${this.name}: this zstd file ${needed}`, { hint });
    }
    const bytes = Buffer.concat([Buffer.of(descriptor), windowBytes, dictionary, contentBytes]);
    return { bytes, hasChecksum: (descriptor & 4) !== 0, content };
  }

  async #block(): Promise<{ readonly bytes: Buffer; readonly isLast: boolean }> {
    const head = await this.#take(3);
    const value = head.readUIntLE(0, 3);
    const size = value >> 3;
    if (size > largestBlock) throw this.broken("a block is longer than any may be");
    const isRepeatedByte = ((value >> 1) & 3) === 1;
    return { bytes: Buffer.concat([head, await this.#take(isRepeatedByte ? 1 : size)]), isLast: (value & 1) === 1 };
  }

  #push(decoder: Decompress, bytes: Buffer, isLast: boolean): void {
    try {
      decoder.push(bytes, isLast);
    } catch (error) {
      throw this.broken(error instanceof Error ? error.message : String(error), error);
    }
  }

  async #take(count: number): Promise<Buffer> {
    const bytes = await this.queue.take(count);
    if (bytes.length === count) return bytes;
    throw new Failure(`${this.name}: this zstd file ends in the middle`, {
      hint: "fetch or copy it again: it is not whole",
    });
  }
}

interface FrameHeader {
  readonly bytes: Buffer;
  readonly hasChecksum: boolean;
  /** Unpacked bytes of the frame, where it says so. */
  readonly content: bigint | undefined;
}

function contentOf(bytes: Buffer): bigint | undefined {
  if (bytes.length === 0) return undefined;
  if (bytes.length === 8) return bytes.readBigUInt64LE();
  return BigInt(bytes.readUIntLE(0, bytes.length) + (bytes.length === 2 ? 256 : 0));
}

function windowOf(descriptor: number): number {
  const base = 2 ** (10 + (descriptor >> 3));
  return base + (base / 8) * (descriptor & 7);
}

function notZstd(name: string): Failure {
  return new Failure(`${name}: named .zst, but this is not zstd`, { hint: "rename it to what it is" });
}
