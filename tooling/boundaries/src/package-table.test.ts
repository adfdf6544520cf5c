import { describe, expect, test } from "@jest/globals";
import { parsePackageTable } from "./package-table.js";

const head = "| Package | One sentence | May import |\n|---|---|---|\n";
const a = "| `a` | First. | nothing |\n";

describe("package table", () => {
  test("reads names, types, everything, all of the above, and the tests' table", () => {
    const table = parsePackageTable(
      `# Title\n\n${head}${a}| \`b\` | Second. | \`a\` (types) |\n| \`c\` | Third. | all of the above |\n` +
        "| `apps/*` | Last. | everything |\n\nText.\n\n| Package | Its tests may also import |\n|---|---|\n| `b` | `c` |\n",
    );
    expect([...table.keys()]).toEqual(["a", "b", "c", "apps/*"]);
    expect(table.get("a")).toMatchObject({ values: new Set(), types: new Set(), libraries: false });
    expect(table.get("b")).toMatchObject({ values: new Set(), types: new Set(["a"]), tests: new Set(["c"]) });
    expect(table.get("c")).toMatchObject({ values: new Set(["a", "b"]), libraries: true });
    expect(table.get("apps/*")?.values).toEqual(new Set(["a", "b", "c"]));
  });

  const broken: readonly [problem: string, markdown: string, message: string][] = [
    ["no table", "# Architecture\n", "no table whose last column"],
    ["an unknown name", `${head}${a}| \`b\` | Second. | \`z\` |\n`, "the row of b names z, which has no row"],
    ["words for a name", `${head}${a}| \`b\` | Second. | most things |\n`, "the row of b says most things"],
    ["two rows for a name", `${head}${a}${a}`, "two rows for a"],
    ["a row without a name", `${head}| a | First. | nothing |\n`, "a row starts with a, not with a name in backquotes"],
    [
      "a row of tests without a row",
      `${head}${a}\n| Package | Its tests may also import |\n|---|---|\n| \`z\` | \`a\` |\n`,
      "the table of tests has a row for z",
    ],
  ];
  test.each(broken)("%s is an error that says so", (_problem, markdown, message) => {
    expect(() => parsePackageTable(markdown)).toThrow(message);
  });
});
