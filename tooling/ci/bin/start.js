import { spawn } from "node:child_process";
import { join } from "node:path";
import { repository } from "../src/repository.js";
import { setUp } from "../src/set-up.js";
import { turbo } from "../src/turbo.js";

// `npm start -- …`: sets up and builds where that is needed, then runs the command line with the arguments. Standard
// output has nothing but the command's.

async function build() {
  const patience = setTimeout(() => console.error("Building…"), 3000);
  const status = await turbo(["run", "build", "--filter=@bertkit/cli..."], { quiet: true });
  clearTimeout(patience);
  return status;
}

function runCommand() {
  const program = join(repository, "apps/cli/bin/bertkit.js");
  // Paths in the arguments are relative to where npm was called, not to the repository.
  const cwd = process.env.INIT_CWD ?? process.cwd();
  const command = spawn(process.execPath, [program, ...process.argv.slice(2)], { cwd, stdio: "inherit" });
  // Ctrl-C reaches the command as well, which ends cleanly and says with what status.
  process.on("SIGINT", () => {});
  process.on("SIGTERM", () => command.kill("SIGTERM"));
  command.on("error", (error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
  command.on("exit", (status, signal) => {
    if (signal === null) process.exitCode = status ?? 1;
    else {
      process.removeAllListeners(signal);
      process.kill(process.pid, signal);
    }
  });
}

process.exitCode = setUp() || (await build());
if (process.exitCode === 0) runCommand();
