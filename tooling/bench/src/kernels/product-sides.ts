import { type Backend, quantizeRows, type View } from "@bertkit/tensor";
import { openBackend } from "bertkit";
import { type Precision, precisions } from "../precision.js";
import { loadRival } from "../rivals/load-rival.js";
import { type OnnxRuntimeName, openSession } from "../rivals/onnx-encoder.js";
import { oneProductGraph } from "./one-product-graph.js";
import { type ProductShape, productValues, transposed } from "./product-shapes.js";

/** Someone who multiplies. */
export interface ProductSide {
  readonly name: string;
  readonly precision: Precision;
  prepare(shape: ProductShape): Promise<Product>;
}

export interface Product {
  /** Multiplies once. */
  run(): unknown;
  /** [rows, outputs], of the last run. */
  read(): Promise<ArrayLike<number>>;
  release(): void;
}

/** Ours, ONNX Runtime's and TensorFlow.js's; the last has one thread in Node, and no int8. */
export async function openProductSides(threads: number): Promise<ProductSide[]> {
  const backends = await openOurs(threads);
  const sides: ProductSide[] = [];
  for (const precision of precisions) {
    sides.push(...backends.map((backend) => ourSide(backend, precision)));
    for (const name of ["onnxruntime-node", "onnxruntime-web"] as const) sides.push(onnxSide(name, precision, threads));
  }
  if (threads === 1) sides.push(await tensorFlowSide());
  return sides;
}

/** On the widest operations that the engine has, and on those of 128 bits; one where that is the same. */
async function openOurs(threads: number): Promise<Backend[]> {
  const [wide, narrow] = await Promise.all(
    [true, false].map((wish) => openBackend({ device: "wasm", wide: wish, threads })),
  );
  return wide!.name === narrow!.name ? [narrow!] : [wide!, narrow!];
}

const ourSide = (backend: Backend, precision: Precision): ProductSide => ({
  name: `bertkit, ${backend.name.includes("256-bit") ? 256 : 128}-bit`,
  precision,
  async prepare(shape) {
    const { rows, inputs, outputs } = shape;
    const { x, weight } = productValues(shape);
    const input = placed(backend, x, [rows, inputs]);
    const out: View = { buffer: backend.allocate(rows * outputs, "float32"), shape: [rows, outputs], dtype: "float32" };
    const { run, used } =
      precision === "int8" ? quantizedProduct(backend, input, weight, out) : floatProduct(backend, input, weight, out);
    return {
      run,
      read: () => backend.read(out.buffer),
      release() {
        for (const { buffer } of [input, out, ...used]) backend.release(buffer);
      },
    };
  },
});

interface OurProduct {
  run(): void;
  readonly used: readonly View[];
}

function floatProduct(backend: Backend, x: View, values: Float32Array, out: View): OurProduct {
  const { linear } = backend.fused;
  if (!linear) throw new Error(`${backend.name} has no fused product`);
  const dense = placed(backend, values, [values.length / x.shape[1]!, x.shape[1]!]);
  const weight = { ...dense, buffer: backend.prepare(dense, "linear") };
  return { run: () => linear.forward(x, weight, undefined, undefined, out), used: [weight] };
}

function quantizedProduct(backend: Backend, x: View, values: Float32Array, out: View): OurProduct {
  const inputs = x.shape[1]!;
  const { levels, scales } = quantizeRows(values, inputs, "quantizedLinear");
  const shape = [scales.length, inputs];
  const dense: View = { buffer: backend.allocate(levels.length, "int8"), shape, dtype: "int8" };
  backend.write(dense.buffer, levels);
  const weight = { ...dense, buffer: backend.prepare(dense, "quantizedLinear") };
  const scale = placed(backend, scales, [scales.length]);
  const run = () => backend.kernels.quantizedLinear(x, weight, scale, undefined, undefined, out);
  return { run, used: [weight, scale] };
}

function placed(backend: Backend, values: Float32Array, shape: readonly number[]): View {
  const buffer = backend.allocate(values.length, "float32");
  backend.write(buffer, values);
  return { buffer, shape, dtype: "float32" };
}

const onnxSide = (name: OnnxRuntimeName, precision: Precision, threads: number): ProductSide => ({
  name,
  precision,
  async prepare(shape) {
    const values = productValues(shape);
    const { runtime, session } = await openSession(name, oneProductGraph(shape, values, precision), threads);
    const x = new runtime.Tensor("float32", values.x, [shape.rows, shape.inputs]);
    let y: Float32Array | undefined;
    return {
      async run() {
        y = (await session.run({ x })).y!.data as Float32Array;
      },
      read: async () => y!,
      release: () => void session.release(),
    };
  },
});

/** What we use of @tensorflow/tfjs-core. */
interface TensorFlow {
  setBackend(name: "wasm"): Promise<boolean>;
  ready(): Promise<void>;
  tensor2d(values: Float32Array, shape: readonly number[]): TensorFlowTensor;
  matMul(a: TensorFlowTensor, b: TensorFlowTensor): TensorFlowTensor;
}

interface TensorFlowTensor {
  dataSync(): Float32Array;
  dispose(): void;
}

async function tensorFlowSide(): Promise<ProductSide> {
  const tensorFlow = loadRival<TensorFlow>("@tensorflow/tfjs-core");
  loadRival("@tensorflow/tfjs-backend-wasm");
  await tensorFlow.setBackend("wasm");
  await tensorFlow.ready();
  return {
    name: "tfjs-wasm",
    precision: "float32",
    async prepare(shape) {
      const values = productValues(shape);
      const x = tensorFlow.tensor2d(values.x, [shape.rows, shape.inputs]);
      const weight = tensorFlow.tensor2d(transposed(values.weight, shape.inputs), [shape.inputs, shape.outputs]);
      let y: TensorFlowTensor | undefined;
      return {
        run() {
          y?.dispose();
          y = tensorFlow.matMul(x, weight);
        },
        read: async () => y!.dataSync(),
        release() {
          for (const tensor of [x, weight, y]) tensor?.dispose();
        },
      };
    },
  };
}
