/**
 * How probabilities are kept in a page. In two bytes, p is round(65535 p): right to 0.00001. In one byte, it is
 * round(255 √p): right to √p/255, so to 0.004 at 1 and to 0.0002 at the 1/512 of a long text's even attention, which
 * round(255 p) would call 0.
 */
export type WeightBytes = 1 | 2;

/** Probabilities as base64 of one or two bytes each, the lower byte first; what softmax left outside 0 to 1 is cut. */
export function packWeights(weights: Float32Array, bytes: WeightBytes): string {
  return base64(bytes === 2 ? inTwoBytes(weights) : inOneByte(weights));
}

function inTwoBytes(weights: Float32Array): Uint8Array {
  const packed = new Uint8Array(2 * weights.length);
  for (let i = 0; i < weights.length; i++) {
    const level = (65535 * withinOne(weights[i]!) + 0.5) | 0;
    packed[2 * i] = level;
    packed[2 * i + 1] = level >> 8;
  }
  return packed;
}

function inOneByte(weights: Float32Array): Uint8Array {
  const packed = new Uint8Array(weights.length);
  for (let i = 0; i < weights.length; i++) packed[i] = 255 * withinOne(weights[i]!) ** 0.5 + 0.5;
  return packed;
}

const { max, min } = Math;
const withinOne = (weight: number): number => min(1, max(0, weight));

/** Bytes a piece: a multiple of 3, so that only the last is padded, and no more than a call takes arguments. */
const pieceBytes = 3 * 8192;

/** With `btoa`, which is in Node and in browsers. Spreading the bytes as arguments would take four times as long. */
function base64(bytes: Uint8Array): string {
  const pieces: string[] = [];
  for (let start = 0; start < bytes.length; start += pieceBytes) {
    const binary: string = Reflect.apply(String.fromCharCode, undefined, bytes.subarray(start, start + pieceBytes));
    pieces.push(btoa(binary));
  }
  return pieces.join("");
}
