import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { TextEncoder, TimedVectors } from "./text-encoder.js";

const program = fileURLToPath(new URL("../../python/encode_texts.py", import.meta.url));

/**
 * sentence-transformers over PyTorch, in a process of its own that measures itself.
 * @returns undefined where `python` has no sentence-transformers, or is not there
 */
export async function openSentenceTransformers(
  python: string,
  folder: string,
  threads: number,
): Promise<TextEncoder | undefined> {
  const child = spawn(python, [program, folder, String(threads)], { stdio: ["pipe", "pipe", "ignore"] });
  const reader = createInterface({ input: child.stdout });
  const lines = reader[Symbol.asyncIterator]();
  // A Python that isn't there is an error of the process; the lines end then, and that is the answer.
  child.on("error", () => reader.close());
  child.stdin.on("error", () => reader.close());
  const next = async (): Promise<unknown> => {
    const { value, done } = await lines.next();
    return done ? undefined : JSON.parse(value);
  };
  const hello = (await next()) as { readonly name: string } | undefined;
  if (!hello) return undefined;
  return {
    name: hello.name,
    async encode(texts) {
      child.stdin.write(`${JSON.stringify(texts)}\n`);
      const answer = await next();
      if (!answer) throw new Error("sentence-transformers ended without an answer");
      return answer as TimedVectors;
    },
    async close() {
      child.stdin.end();
    },
  };
}
