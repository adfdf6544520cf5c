import { type FusedKernels, type Kernels, type Shape, sizeOf, type UnaryKind, type View } from "@bertkit/tensor";
import type { Block } from "../device/block-pool.js";
import type { Machine } from "../machine.js";
import { remembered } from "../wgsl/remembered.js";
import { broadcastStrides, joined, type Walk, walkValues } from "../wgsl/strides.js";
import { productShader, type Tile } from "./product.js";

/** Matrix products: the general one, and the linear map with its bias and activation in one call. */
export function matmulKernels(machine: Machine): Pick<Kernels, "matmul"> & Pick<FusedKernels, "linear"> {
  const multiply = multiplier(machine);
  return {
    matmul(a, b, out, { transposeA, transposeB }) {
      const leading = out.shape.slice(0, -2);
      const strides = [a, b].map(({ shape }) => blockStrides(shape, leading));
      multiply({
        ...{ a: machine.matrix(a), b: machine.matrix(b), out: machine.dense(out), transposeA, transposeB },
        rows: out.shape.at(-2)!,
        columns: out.shape.at(-1)!,
        inner: a.shape.at(transposeA ? -2 : -1)!,
        walk: joined({ extents: leading, strides }),
        blocks: sizeOf(leading),
      });
    },
    linear: {
      forward(x, weight, bias, activation, out) {
        const [outputs, inputs] = weight.shape as readonly [number, number];
        multiply({
          ...{ a: machine.dense(x), b: machine.matrix(weight), out: machine.dense(out), activation },
          ...{ transposeA: false, transposeB: true, rows: rowsIn(x), columns: outputs, inner: inputs },
          bias: bias && machine.dense(bias),
          walk: { extents: [], strides: [[], []] },
          blocks: 1,
        });
      },
    },
  };
}

/** [..., rows, inputs]: how many rows. */
function rowsIn({ shape }: View): number {
  return sizeOf(shape.slice(0, -1));
}

/** How far a step along each leading axis of the result moves in an operand of matrices. */
function blockStrides(shape: Shape, leading: Shape): readonly number[] {
  const matrix = sizeOf(shape.slice(-2));
  return broadcastStrides(shape.slice(0, -2), leading).map((stride) => stride * matrix);
}

interface Product {
  readonly a: Block;
  readonly b: Block;
  readonly out: Block;
  readonly bias?: Block | undefined;
  readonly activation?: UnaryKind | undefined;
  readonly transposeA: boolean;
  readonly transposeB: boolean;
  readonly rows: number;
  readonly columns: number;
  readonly inner: number;
  readonly walk: Walk;
  readonly blocks: number;
}

/** Few rows, as of one short text, would leave most of a large tile empty. */
const smallTile: Tile = { rows: 16, columns: 64, depth: 16, threadRows: 4 };
const largeTile: Tile = { rows: 64, columns: 64, depth: 16, threadRows: 8 };

function multiplier(machine: Machine): (product: Product) => void {
  const shaderOf = remembered(
    (
      small: boolean,
      transposeA: boolean,
      transposeB: boolean,
      rank: number,
      bias: boolean,
      activation: UnaryKind | undefined,
    ) => productShader({ transposeA, transposeB, rank, bias, activation }, small ? smallTile : largeTile),
  );
  return ({ a, b, out, bias, activation, transposeA, transposeB, rows, columns, inner, walk, blocks }) => {
    if (rows * columns === 0) return;
    const small = rows <= 32;
    const tile = small ? smallTile : largeTile;
    const tileRows = Math.ceil(rows / tile.rows);
    const tileColumns = Math.ceil(columns / tile.columns);
    machine.run(
      shaderOf(small, transposeA, transposeB, walk.extents.length, bias !== undefined, activation),
      { a, b, bias: bias ?? b, out },
      { ...walkValues(walk, ["a", "b"]), rows, columns, inner, tileRows, tileColumns },
      blocks * tileRows * tileColumns,
    );
  };
}
