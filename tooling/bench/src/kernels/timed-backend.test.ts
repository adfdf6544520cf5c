import { type Backend, openReference, Tensor, type View } from "@bertkit/tensor";
import { expect, test } from "@jest/globals";
import { timedBackend } from "./timed-backend.js";

/** The reference, which has no fused kernels, with one that fills its result with 7. */
function withFusedLinear(backend: Backend): Backend {
  const forward = (_x: View, _weight: View, _bias: unknown, _activation: unknown, out: View): void =>
    backend.kernels.fill(7, out);
  return { ...backend, fused: { linear: { forward } } };
}

test("kernels do what they did, and their calls are counted by name, the longest first", async () => {
  using reference = openReference();
  const { backend, takeTimes } = timedBackend(reference);
  using x = Tensor.from(backend, Float32Array.of(0, 0, 0, 0), [2, 2]);
  using y = Tensor.empty(backend, [2, 2]);
  for (let i = 0; i < 3; i++) backend.kernels.softmax(x, y);
  backend.kernels.fill(1, x);
  expect([...(await y.read())]).toEqual([0.5, 0.5, 0.5, 0.5]);
  const times = takeTimes();
  expect(new Map(times.map(({ kernel, calls }) => [kernel, calls]))).toEqual(
    new Map([
      ["softmax", 3],
      ["fill", 1],
    ]),
  );
  expect(times[0]!.milliseconds).toBeGreaterThanOrEqual(times[1]!.milliseconds);
  expect(takeTimes()).toEqual([]);
});

test("a fused product is named with its extents", async () => {
  using reference = openReference();
  const { backend, takeTimes } = timedBackend(withFusedLinear(reference));
  using x = Tensor.empty(backend, [1, 2]);
  using weight = Tensor.empty(backend, [3, 2]);
  using out = Tensor.empty(backend, [1, 3]);
  backend.fused.linear!.forward(x, weight, undefined, undefined, out);
  expect([...(await out.read())]).toEqual([7, 7, 7]);
  expect(takeTimes().map(({ kernel }) => kernel)).toEqual(["linear 2 → 3"]);
});

test("what is no kernel is passed through", () => {
  using reference = openReference();
  const { backend } = timedBackend(reference);
  expect(backend.name).toBe(reference.name);
  expect(backend.memory).toEqual({ buffers: 0, bytes: 0 });
  expect(backend.fused.attention).toBeUndefined();
});
