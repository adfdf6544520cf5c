import { CheckpointError, reasonOf } from "../checkpoint-error.js";
import type { ByteSource } from "./byte-source.js";

// From the web each piece is a request; who wants only the start should not wait for a large one.
const [firstPiece, largestPiece] = [16 * 2 ** 10, 8 * 2 ** 20];
// Browsers unpack all of a chunk before they let go of any of it, and it may grow a thousandfold.
const chunkSize = 32 * 2 ** 10;

/**
 * The unpacked bytes of a compressed source, as they come; who takes them counts them. No more is unpacked than taken,
 * but for what the platform holds ready. Does not close the source.
 *
 * @throws CheckpointError `malformed` where the bytes cannot be unpacked.
 */
export async function* unpackedChunks(
  packed: ByteSource,
  format: "gzip" | "deflate-raw",
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array, void, undefined> {
  signal?.throwIfAborted();
  let failure: { readonly error: unknown } | undefined;
  const stream = streamOf(packed, signal, (error) => {
    failure = { error };
  });
  const reader = stream.pipeThrough(new DecompressionStream(format)).getReader();
  try {
    for (;;) {
      const { value } = await reader.read();
      if (value === undefined) return;
      signal?.throwIfAborted();
      yield value;
    }
  } catch (error) {
    signal?.throwIfAborted();
    // What kept the bytes from coming, rather than what the unpacking makes of it.
    if (failure !== undefined) throw failure.error;
    if (error instanceof CheckpointError) throw error;
    throw new CheckpointError("malformed", `${packed.label} cannot be unpacked: ${reasonOf(error)}`, { cause: error });
  } finally {
    // Of a stream that has failed this fails too, and says nothing new.
    await reader.cancel().catch(() => undefined);
  }
}

function streamOf(
  bytes: ByteSource,
  signal: AbortSignal | undefined,
  onFailure: (error: unknown) => void,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  let piece = new Uint8Array(0);
  let at = 0;
  let pieceSize = firstPiece;
  let isCancelled = false;
  return new ReadableStream({
    async pull(controller) {
      try {
        if (piece.length === 0) {
          piece = new Uint8Array(Math.min(pieceSize, bytes.size - at));
          await bytes.read(at, piece, signal);
          at += piece.length;
          pieceSize = Math.min(pieceSize * 4, largestPiece);
        }
      } catch (error) {
        onFailure(error);
        throw error;
      }
      // While a piece was waited for, who reads may have had enough; the stream then takes nothing more.
      if (isCancelled) return;
      if (piece.length > 0) controller.enqueue(piece.slice(0, chunkSize));
      else controller.close();
      piece = piece.subarray(chunkSize);
    },
    cancel() {
      isCancelled = true;
    },
  });
}
