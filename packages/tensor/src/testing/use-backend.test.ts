import { describe, expect, test } from "@jest/globals";
import { collectedTests } from "../fixtures/collected-tests.js";
import { tensorOf } from "../fixtures/tensors.js";
import { openReference } from "../reference/open-reference.js";
import { testFramework } from "./test-framework.js";
import { useBackend } from "./use-backend.js";

describe("useBackend", () => {
  test("fails the test that leaves memory behind, and not the next one", async () => {
    const outcomes = await collectedTests(() => {
      const framework = testFramework();
      framework.describe("suite", () => {
        const backend = useBackend(() => openReference());
        framework.test("leaks", () => void tensorOf(backend(), [1]));
        framework.test("does not", () => tensorOf(backend(), [1]).dispose());
      });
    });
    expect(outcomes.map(({ title, state }) => [title, state])).toEqual([
      ["suite › leaks", "failed"],
      ["suite › does not", "passed"],
    ]);
    expect(outcomes[0]!.message).toBe(
      "Error: 1 buffers are still allocated after this test: dispose of them or use tidy",
    );
  });

  test("opens once for all tests and closes after them", async () => {
    let [opened, closed] = [0, 0];
    await collectedTests(() => {
      const framework = testFramework();
      framework.describe("suite", () => {
        const backend = useBackend(async () => {
          opened++;
          return Object.assign(openReference(), { [Symbol.dispose]: () => void closed++ });
        });
        framework.test("one", () => void backend());
        framework.test("two", () => void backend());
      });
    });
    expect([opened, closed]).toEqual([1, 1]);
  });
});

describe("testFramework", () => {
  test("says so outside a test runner", () => {
    const globals = globalThis as unknown as Record<string, unknown>;
    const { describe: saved } = globals;
    globals.describe = undefined;
    try {
      expect(testFramework).toThrow(
        "@bertkit/tensor/testing runs inside jest, or a framework with the same global functions",
      );
    } finally {
      globals.describe = saved;
    }
  });
});
