import { readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

// These programs run before anything is installed, so they are plain JavaScript without dependencies.

/** The repository's root. */
export const repository = fileURLToPath(new URL("../../..", import.meta.url));

/** The pnpm that the repository is set up with, as `pnpm@version`. @returns {string} */
export function pinnedPnpm() {
  return JSON.parse(readFileSync(join(repository, "package.json"), "utf8")).packageManager;
}

/**
 * The environment that tools are run in: turbo finds the installed pnpm, and no tool reports home or asks for updates.
 *
 * @returns {NodeJS.ProcessEnv}
 */
export function toolEnvironment() {
  const { NODE_ENV, ...env } = process.env; // "production" would leave the tools uninstalled
  return {
    ...env,
    PATH: [join(repository, "node_modules/.bin"), env.PATH].join(delimiter),
    // The repository's .npmrc silences npm for the sake of `npm start`; its errors must still be seen.
    npm_config_loglevel: "error",
    npm_config_update_notifier: "false",
    TURBO_TELEMETRY_DISABLED: "1",
    TURBO_NO_UPDATE_NOTIFIER: "1",
    DO_NOT_TRACK: "1",
  };
}
