import { readFile } from "node:fs/promises";
import { expect, test } from "@jest/globals";
import { commandLineReference } from "./command-line-reference.js";

test("REFERENCE.md says what the commands' definitions say (npm run reference writes it)", async () => {
  const page = await readFile(new URL("../../REFERENCE.md", import.meta.url), "utf8");
  expect(page).toBe(commandLineReference());
});

test("every option of every command is on the page, in code", () => {
  const page = commandLineReference();
  expect(page).toContain("## bertkit encode\n");
  expect(page).toContain("### bertkit models list\n");
  expect(page).toContain("| `--output-type <type>` |");
  expect(page.match(/^\| `-q, --quiet` \|/gm)!.length).toBeGreaterThan(5);
});
