import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { rolldown } from "rolldown";

/**
 * What a page's code becomes with all that it imports of the built packages.
 *
 * @param {string} code an ES module
 * @returns {Promise<PageSize>}
 *
 * @typedef {object} PageSize
 * @property {number} minified bytes
 * @property {number} gzipped bytes of the same, compressed as far as gzip does
 * @property {readonly string[]} names what is declared at the top, by its name in the sources
 */
export async function measurePage(code) {
  const page = await rolldown({ input: path, platform: "browser", tsconfig: false, plugins: [pageOf(code)], onLog });
  const readable = await page.generate({ format: "esm", minify: false });
  const small = await page.generate({ format: "esm", minify: true });
  await page.close();
  const minified = Buffer.from(small.output[0].code);
  return {
    minified: minified.length,
    gzipped: gzipSync(minified, { level: 9 }).length,
    names: namesIn(readable.output[0].code),
  };
}

/** Where the page would stand: in this package, so that it finds what this one depends on. */
const path = fileURLToPath(new URL("page.js", import.meta.url));

/** @param {string} code */
const pageOf = (code) => ({
  name: "page-of",
  /** @param {string} file */
  resolveId: (file) => (file === path ? path : undefined),
  /** @param {string} file */
  load: (file) => (file === path ? code : undefined),
});

/**
 * @param {string} _level
 * @param {{ readonly message: string }} log
 */
function onLog(_level, { message }) {
  throw new Error(`the page cannot be bundled: ${message}`);
}

/** @param {string} code one that is not minified */
const namesIn = (code) =>
  [...code.matchAll(/^(?:async )?(?:function\*?|class|const|let|var) ([\w$]+)/gm)].map(([, name = ""]) => name);
