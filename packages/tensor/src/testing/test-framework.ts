interface TestFramework {
  describe(title: string, body: () => void): void;
  test: { (title: string, body: () => void | Promise<void>): void; skip(title: string, body: () => void): void };
  beforeAll(body: () => void | Promise<void>): void;
  beforeEach(body: () => void): void;
  afterEach(body: () => void): void;
  afterAll(body: () => void): void;
}

/** The global functions of jest, or of any framework that offers the same (vitest with `globals: true`). */
export function testFramework(): TestFramework {
  const framework = globalThis as unknown as Partial<TestFramework>;
  if (!framework.describe || !framework.test || !framework.afterEach) {
    throw new Error("@bertkit/tensor/testing runs inside jest, or a framework with the same global functions");
  }
  return framework as TestFramework;
}
