import { fileURLToPath } from "node:url";

/** What every package's tests run under: native ES modules, TypeScript stripped by swc, `using` compiled down. */
export default {
  testEnvironment: "node",
  extensionsToTreatAsEsm: [".ts"],
  moduleFileExtensions: ["ts", "js", "mjs", "cjs", "json", "node"],
  moduleNameMapper: { "^(\\.{1,2}/.*)\\.js$": "$1" },
  roots: ["<rootDir>/src"],
  // No test asserts a time; all packages' tests run at once, on machines of any size.
  testTimeout: 30_000,
  transform: {
    "\\.ts$": [
      "@swc/jest",
      {
        jsc: { target: "es2022", parser: { syntax: "typescript", explicitResourceManagement: true } },
        module: { type: "es6" },
      },
    ],
  },
  reporters: ["default", fileURLToPath(new URL("./count-reporter.cjs", import.meta.url))],
};
