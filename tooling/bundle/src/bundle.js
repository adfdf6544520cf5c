import { readdir, readFile, rm } from "node:fs/promises";
import { join, posix, sep } from "node:path";
import { rolldown } from "rolldown";

/**
 * Makes one file of each entry point of a package that tsc has built, and removes the files that went into them.
 *
 * @param {string} folder the package's
 * @param {readonly string[]} [workers] files in `dist` that workers start from, which no `exports` name; they come to
 * stand where the code that starts them does, in `dist` itself
 */
export async function bundle(folder, workers = []) {
  const dist = join(folder, "dist");
  const exported = await exportedFiles(folder);
  const entries = [...exported.map((file) => [file, file]), ...workers.map((file) => [posix.basename(file), file])];
  const bundled = await rolldown({
    input: Object.fromEntries(entries.map(([name = "", file = ""]) => [name.replace(/\.js$/, ""), join(dist, file)])),
    external: /^[^./]/,
    platform: "neutral",
    tsconfig: false,
    plugins: [withSourceMaps],
    onLog(_, { message }) {
      throw new Error(`${folder} cannot be bundled: ${message}`);
    },
  });
  const { output } = await bundled.write({
    dir: dist,
    format: "esm",
    sourcemap: true,
    chunkFileNames: "shared.js",
    minifyInternalExports: false,
  });
  await bundled.close();
  const written = new Set(output.map(({ fileName }) => fileName));
  for (const file of await filesIn(dist)) {
    if (/\.js(\.map)?$/.test(file) && !written.has(file)) await rm(join(dist, file));
  }
}

/**
 * The files in `dist` that a package's `exports` name.
 *
 * @param {string} folder
 */
async function exportedFiles(folder) {
  const { exports } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
  const named = [...JSON.stringify(exports).matchAll(/"\.\/dist\/([^"]+\.js)"/g)];
  if (named.length === 0) throw new Error(`${folder}/package.json exports nothing from dist`);
  return named.map(([, file]) => /** @type {string} */ (file));
}

/** @param {string} folder */
async function filesIn(folder) {
  const found = await readdir(folder, { recursive: true });
  return found.map((file) => file.split(sep).join("/"));
}

/** What tsc says of a file's sources, which rolldown would not look for. */
const withSourceMaps = {
  name: "with-source-maps",
  /** @param {string} file */
  async load(file) {
    const [code, map] = await Promise.all([readFile(file, "utf8"), readFile(`${file}.map`, "utf8")]);
    return { code, map };
  },
};
