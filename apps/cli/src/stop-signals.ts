import { exitCodes, Failure } from "./failure.js";

/**
 * A signal that is aborted by Ctrl-C or a polite request to end, its reason a {@link Failure} with the exit code. Asked
 * a second time, the process ends at once; unfinished files go either way.
 */
export function listenForStop(): AbortSignal {
  const controller = new AbortController();
  for (const [name, exitCode] of stops) {
    process.on(name, () => {
      if (controller.signal.aborted) process.exit(exitCode);
      controller.abort(new Failure("", { exitCode }));
    });
  }
  return controller.signal;
}

const stops = [
  ["SIGINT", exitCodes.interrupted],
  ["SIGTERM", exitCodes.terminated],
  ["SIGHUP", 129],
] as const;
