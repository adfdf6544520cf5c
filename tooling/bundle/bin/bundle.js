import { bundle } from "../src/bundle.js";

// In a package's folder, after tsc: arguments are the files in `dist` that workers start from.

await bundle(process.cwd(), process.argv.slice(2));
