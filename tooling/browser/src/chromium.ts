import { existsSync } from "node:fs";
import { describe } from "@jest/globals";
import { type Browser, chromium } from "playwright-core";

/** The browser's program: `CHROMIUM`, else where Debian's package puts it. */
export const chromiumPath = process.env.CHROMIUM ?? "/usr/bin/chromium";

/**
 * `describe`, where Chromium is; else skipped, and the title says why. `REQUIRED_BROWSER=1` makes its absence a failure.
 */
export function describeInChromium(title: string, body: () => void): void {
  if (existsSync(chromiumPath) || process.env.REQUIRED_BROWSER === "1") describe(title, body);
  else describe.skip(`${title} [skipped: no ${chromiumPath}; CHROMIUM may name another]`, body);
}

/** Starts it without a window. */
export function launchChromium(): Promise<Browser> {
  // Its sandbox wants rights that containers and root do not have; it visits no page but the tests' own.
  return chromium.launch({ executablePath: chromiumPath, args: ["--no-sandbox"] });
}
