import { largestLevels } from "@bertkit/tensor";
import { CheckpointMismatchError } from "./errors.js";

/**
 * Throws `CheckpointMismatchError` for a level that the kernels do not take. `levels` begin at the start of their buffer:
 * they are every weight of a model, and looked at one by one they would be most of its load's time.
 */
export function checkLevels(levels: Int8Array, use: keyof typeof largestLevels, name: string): void {
  const largest = largestLevels[use];
  // Both largest levels are all ones in binary, so the only number of as many bits that is too low is their complement.
  if (!levels.includes(~largest) && !(largest < 127 && needsEightBits(levels))) return;
  const stranger = levels.find((level) => Math.abs(level) > largest);
  throw new CheckpointMismatchError([`${name} holds the level ${stranger}, levels go from ${-largest} to ${largest}`]);
}

/** Whether a level is beyond -64 … 63; in a byte that holds one of these, the two highest bits are the same. */
function needsEightBits(levels: Int8Array): boolean {
  const words = new Int32Array(levels.buffer, levels.byteOffset, levels.length >> 2);
  let differences = 0;
  for (let i = 0; i < words.length; i++) differences |= words[i]! ^ (words[i]! << 1);
  for (let i = 4 * words.length; i < levels.length; i++) differences |= levels[i]! ^ (levels[i]! << 1);
  return (differences & 0x80808080) !== 0;
}
