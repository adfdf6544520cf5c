import type { ByteSource } from "../bytes/byte-source.js";
import { CheckpointError, quoted } from "../checkpoint-error.js";
import type { BundlePiece } from "./bundle-index.js";
import { crc32c, maskedChecksum } from "./crc32c.js";

/** Sees what is read of a piece: the bytes from its byte `at` on. */
export type SeePart = (piece: BundlePiece, at: number, part: Uint8Array) => void;

/** A tensor's bytes, whichever files its pieces lie in. The files are borrowed: closing this closes none. */
export function pieceBytes(
  label: string,
  pieces: readonly BundlePiece[],
  shards: ReadonlyMap<number, ByteSource>,
  see?: SeePart,
): ByteSource {
  return {
    label,
    size: pieces.reduce((sum, { size }) => sum + size, 0),
    async read(from, into, signal) {
      const to = from + into.length;
      let end = 0;
      for (const piece of pieces) {
        const start = end;
        end += piece.size;
        const first = Math.max(from, start);
        const last = Math.min(to, end);
        if (first >= last) continue;
        const part = into.subarray(first - from, last - from);
        await shards.get(piece.shard)!.read(piece.begin + first - start, part, signal);
        see?.(piece, first - start, part);
      }
    },
    async close() {},
  };
}

/**
 * Compares each piece's checksum once its last byte has been seen, where pieces are read whole, from first to last.
 *
 * @throws CheckpointError `malformed`, when called, where it is not the one that the index has.
 */
export function checksumsOf(name: string): SeePart {
  let crc = 0;
  return (piece, at, part) => {
    crc = crc32c(part, at === 0 ? 0 : crc);
    if (at + part.length < piece.size || maskedChecksum(crc) === piece.checksum) return;
    throw new CheckpointError("malformed", `${quoted(name)}: its checksum is wrong; the data file is damaged`);
  };
}
