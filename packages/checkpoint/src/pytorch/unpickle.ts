import { instructionOf, longestFixed, type PickleWorld, stop } from "./opcodes.js";
import type { PickleCursor } from "./pickle-cursor.js";
import { PickleStack } from "./pickle-stack.js";
import type { Value } from "./pickled-value.js";

/**
 * Reads one pickle and leaves the cursor behind it. A pickle is a program; this runs those of its instructions that
 * make plain data. The names of classes and functions in it are looked up in a closed list, and nothing is imported or
 * called.
 *
 * @throws CheckpointError `unsupported` for a name that is not in the list, `malformed`, `truncated`; `limit` where it
 * goes past the cursor's budget.
 */
export async function unpickle(cursor: PickleCursor, world: PickleWorld): Promise<Value> {
  const stack = new PickleStack(cursor);
  for (;;) {
    if (!cursor.has(longestFixed)) await cursor.fill(longestFixed);
    const opcode = cursor.uint8();
    if (opcode === stop) return stack.pop();
    const instruction = instructionOf(opcode);
    if (instruction === undefined) {
      throw cursor.error("malformed", `no instruction has the code 0x${opcode.toString(16).padStart(2, "0")}`);
    }
    const pending = instruction(stack, cursor, world);
    if (pending !== undefined) await pending;
  }
}
