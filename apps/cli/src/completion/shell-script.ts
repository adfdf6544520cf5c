import { script } from "@bomb.sh/tab";

/** Prints what teaches a shell to ask `bertkit complete` at each press of the Tab key. */
export async function printShellScript(shell: "bash" | "zsh" | "fish", _signal: AbortSignal): Promise<void> {
  script(shell, "bertkit", "bertkit");
}
