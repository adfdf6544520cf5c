import { CommanderError } from "commander";
import { codeOf, exitCodes, Failure, sentenceOf } from "./failure.js";
import { program } from "./program.js";
import { listenForStop } from "./stop-signals.js";

const stop = listenForStop();
process.on("uncaughtException", (error) => exit(report(error)));
// A reader of messages that left is no reason to fail.
process.stderr.on("error", () => {});

exit(await run());

async function run(): Promise<number> {
  try {
    await program(stop).parseAsync();
    return exitCodes.ok;
  } catch (error) {
    return report(error);
  }
}

/** Tells the person what happened, if they don't know, and gives the exit code. */
function report(error: unknown): number {
  // Whatever broke because the work was told to stop, the reason is that it was told to stop.
  if (stop.aborted) return stop.reason instanceof Failure ? stop.reason.exitCode : exitCodes.failure;
  // The reader of a pipe left, which is no error.
  if (codeOf(error) === "EPIPE") return exitCodes.ok;
  // Commander has said it already.
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
  const sentence = sentenceOf(error);
  if (sentence !== "") process.stderr.write(`error: ${sentence}\n`);
  if (sentence !== "" && process.env.BERTKIT_DEBUG === "1" && error instanceof Error) {
    process.stderr.write(`${error.stack}\n${error.cause instanceof Error ? `caused by ${error.cause.stack}\n` : ""}`);
  }
  return error instanceof Failure ? error.exitCode : exitCodes.failure;
}

/** Ends when the last message has left; open handles (a GPU, standard input) don't keep the process. */
function exit(code: number): void {
  process.stderr.write("", () => process.exit(code));
}
