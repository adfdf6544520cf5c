import type { Backend } from "../backend.js";
import { testFramework } from "./test-framework.js";

/** Opens a backend, or gives undefined where its device is absent. */
export type OpenBackend = () => Backend | undefined | Promise<Backend | undefined>;

/**
 * Inside a `describe`: opens a backend for its tests and closes it after them; a test after which more buffers are
 * allocated than before it fails.
 * @returns a function that gives the backend, to be called inside tests
 */
export function useBackend(open: OpenBackend): () => Backend {
  const { beforeAll, beforeEach, afterEach, afterAll } = testFramework();
  let backend: Backend | undefined;
  let before = 0;
  beforeAll(async () => {
    backend = await open();
  });
  beforeEach(() => {
    before = backend?.memory.buffers ?? 0;
  });
  afterEach(() => {
    const left = (backend?.memory.buffers ?? 0) - before;
    if (left !== 0) throw new Error(`${left} buffers are still allocated after this test: dispose of them or use tidy`);
  });
  afterAll(() => backend?.[Symbol.dispose]());
  return () => {
    if (!backend) throw new Error("this backend's device is absent here");
    return backend;
  };
}
