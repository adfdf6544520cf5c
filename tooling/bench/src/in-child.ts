import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";

/**
 * Runs one of our programs, named from this folder, in a process of its own until it has sent its last message; so no
 * measurement has another's threads, heap or compiled code beside it. Throws `Error` where it ends without one.
 */
export function inChild<Result>(
  program: string,
  input: unknown,
  onMessage?: (message: unknown) => void,
): Promise<Result> {
  const path = fileURLToPath(new URL(program, import.meta.url));
  return new Promise((resolve, reject) => {
    const child: ChildProcess = fork(path, [JSON.stringify(input)], { execArgv: [] });
    let result: { readonly result: Result } | undefined;
    child.on("message", (message) => {
      if (typeof message === "object" && message !== null && "result" in message) {
        result = message as { readonly result: Result };
        child.kill(); // threads of a rival may keep it from ending
      } else onMessage?.(message);
    });
    child.on("error", reject);
    child.on("exit", (code, signal) => {
      if (result) resolve(result.result);
      else reject(new Error(`${program} ended without a result (${signal ?? `exit code ${code}`})`));
    });
  });
}

/** What the program was started with. */
export const inputOfChild = <Input>(): Input => JSON.parse(process.argv[2]!) as Input;

/** The program's last message. */
export function giveResult(result: unknown): void {
  process.send!({ result });
}
