import { setUp } from "../src/set-up.js";

// `npm run setup`.
process.exitCode = setUp();
