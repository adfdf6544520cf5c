import type { TaskProgress } from "bertkit";
import { warn } from "../terminal/notices.js";

/** Says how many inputs lost their end. */
export function warnOfCuts({ inputs, truncated }: TaskProgress, maxLength: number): void {
  if (truncated === 0) return;
  const cut = `${truncated} of ${inputs} inputs were cut to ${maxLength} tokens`;
  warn(`${cut}; --max-length sets another limit, up to the model's positions (bertkit info)`);
}
