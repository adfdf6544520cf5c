import { writeFileSync } from "node:fs";
import { commandLineReference } from "../dist/reference/command-line-reference.js";

// `npm run reference`, after a build: writes REFERENCE.md from the definitions of the commands.
writeFileSync(new URL("../REFERENCE.md", import.meta.url), commandLineReference());
