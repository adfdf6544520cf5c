import { type Command, CommanderError } from "commander";
import { codeOf, exitCodes, Failure } from "./failure.js";
import { program } from "./program.js";
import { listenForStop } from "./stop-signals.js";
import { errorText } from "./terminal/error-output.js";
import { hintOf, sentenceOf } from "./terminal/error-sentence.js";

/** Runs the command line that the process was started with, and ends the process. */
export async function run(): Promise<void> {
  const stop = listenForStop();
  const { command } = program(stop);
  const ended = (error: unknown): number => report(error, stop, isVerbose(command));
  process.on("uncaughtException", (error) => exit(ended(error)));
  // A reader of messages that left is no reason to fail.
  process.stderr.on("error", () => {});
  exit(await command.parseAsync().then(() => exitCodes.ok, ended));
}

/** Tells the person what happened, if they don't know, and gives the exit code. */
function report(error: unknown, stop: AbortSignal, verbose: boolean): number {
  // Whatever broke because the work was told to stop, the reason is that it was told to stop.
  if (stop.aborted) return stop.reason instanceof Failure ? stop.reason.exitCode : exitCodes.failure;
  // The reader of a pipe left, which is no error.
  if (codeOf(error) === "EPIPE") return exitCodes.ok;
  // Commander has said it already.
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
  const sentence = sentenceOf(error);
  if (sentence !== "") process.stderr.write(errorText(sentence, hintOf(error)));
  if (sentence !== "" && verbose && error instanceof Error) {
    process.stderr.write(`${error.stack}\n${error.cause instanceof Error ? `caused by ${error.cause.stack}\n` : ""}`);
  }
  return error instanceof Failure ? error.exitCode : exitCodes.failure;
}

/** Whether the command that was run, at any depth, was told `--verbose`. */
function isVerbose(command: Command): boolean {
  return command.opts().verbose === true || command.commands.some(isVerbose);
}

/** Ends when the last message has left; open handles (a GPU, standard input) don't keep the process. */
function exit(code: number): void {
  process.stderr.write("", () => process.exit(code));
}
