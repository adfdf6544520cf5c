import type { BinaryReader } from "@bufbuild/protobuf/wire";
import { CheckpointError, reasonOf } from "../checkpoint-error.js";

/** The library that reads and writes protocol buffers; brought in by who needs it, so that others never load it. */
export type Wire = typeof import("@bufbuild/protobuf/wire");

/** What the first entry of an index says of the whole checkpoint. */
export interface BundleHeader {
  readonly shards: number;
  readonly bigEndian: boolean;
  /** The oldest version of readers that can read it. */
  readonly minimumConsumer: number;
}

/** What an index says of a tensor, or of a slice of one. */
export interface StoredTensor {
  /** A number of TensorFlow's enum `DataType`. */
  readonly type: number;
  readonly shape: readonly number[];
  readonly shard: number;
  readonly offset: number;
  readonly size: number;
  /** Masked. */
  readonly checksum: number;
  /** Where the tensor is stored in slices, under keys of their own: which. */
  readonly slices: readonly TensorSlice[];
}

/** A part of a tensor: a stretch of every axis. */
export type TensorSlice = readonly SliceExtent[];

/** A stretch of an axis; without a length, all of it. */
export interface SliceExtent {
  readonly start: number;
  readonly length?: number;
}

/** Of a tensor: TensorFlow's `TensorShape::MaxDimensions`. */
export const mostAxes = 254;

// A variable is cut into as many slices as there are parameter servers.
const mostSlices = 4096;

/**
 * Reads a `BundleHeaderProto`.
 *
 * Source: tensorflow/core/protobuf/tensor_bundle.proto
 *
 * @throws CheckpointError `malformed`
 */
export function readBundleHeader(bytes: Uint8Array, wire: Wire, label: string): BundleHeader {
  let shards = 0;
  let bigEndian = false;
  let minimumConsumer = 0;
  readMessage(bytes, wire, label, {
    [varint(1)]: (reader) => {
      shards = count(reader);
    },
    [varint(2)]: (reader) => {
      bigEndian = reader.uint32() === 1;
    },
    [nested(3)]: (reader) =>
      readMessage(reader.bytes(), wire, label, {
        [varint(2)]: (version) => {
          minimumConsumer = count(version);
        },
      }),
  });
  return { shards, bigEndian, minimumConsumer };
}

/**
 * Reads a `BundleEntryProto`.
 *
 * @throws CheckpointError `malformed`
 */
export function readStoredTensor(bytes: Uint8Array, wire: Wire, label: string): StoredTensor {
  const numbers = { type: 0, shard: 0, offset: 0, size: 0, checksum: 0 };
  const number = (name: keyof typeof numbers) => (reader: BinaryReader) => {
    numbers[name] = count(reader);
  };
  let shape: readonly number[] = [];
  const slices: TensorSlice[] = [];
  readMessage(bytes, wire, label, {
    [varint(1)]: number("type"),
    [nested(2)]: (reader) => {
      shape = readShape(reader.bytes(), wire, label);
    },
    [varint(3)]: number("shard"),
    [varint(4)]: number("offset"),
    [varint(5)]: number("size"),
    [fixed32(6)]: (reader) => {
      numbers.checksum = reader.fixed32();
    },
    [nested(7)]: (reader) => {
      if (slices.length === mostSlices) throw new RangeError(`more than ${mostSlices} slices`);
      slices.push(readSlice(reader.bytes(), wire, label));
    },
  });
  return { ...numbers, shape, slices };
}

function readShape(bytes: Uint8Array, wire: Wire, label: string): number[] {
  const shape: number[] = [];
  readMessage(bytes, wire, label, {
    [nested(2)]: (reader) => {
      if (shape.length === mostAxes) throw new RangeError(`more than ${mostAxes} axes`);
      let extent = 0;
      readMessage(reader.bytes(), wire, label, {
        [varint(1)]: (dimension) => {
          extent = count(dimension);
        },
      });
      shape.push(extent);
    },
    [varint(3)]: (reader) => {
      if (reader.bool()) throw new RangeError("a shape without a known number of axes");
    },
  });
  return shape;
}

function readSlice(bytes: Uint8Array, wire: Wire, label: string): TensorSlice {
  const extents: SliceExtent[] = [];
  readMessage(bytes, wire, label, {
    [nested(1)]: (reader) => {
      if (extents.length === mostAxes) throw new RangeError(`more than ${mostAxes} axes`);
      let extent: SliceExtent = { start: 0 };
      readMessage(reader.bytes(), wire, label, {
        [varint(1)]: (field) => {
          extent = { ...extent, start: count(field) };
        },
        [varint(2)]: (field) => {
          extent = { ...extent, length: count(field) };
        },
      });
      extents.push(extent);
    },
  });
  return extents;
}

/** Fields by number and kind, both in one number as the format has them; others are passed over. */
type Fields = Readonly<Record<number, (reader: BinaryReader) => void>>;

const varint = (field: number) => field * 8;
const nested = (field: number) => field * 8 + 2;
const fixed32 = (field: number) => field * 8 + 5;

function readMessage(bytes: Uint8Array, wire: Wire, label: string, fields: Fields): void {
  try {
    const reader = new wire.BinaryReader(bytes);
    while (reader.pos < reader.len) {
      const [field, type] = reader.tag();
      const read = fields[field * 8 + type];
      if (read === undefined) reader.skip(type, field);
      else read(reader);
    }
  } catch (error) {
    if (error instanceof CheckpointError) throw error;
    throw new CheckpointError("malformed", `${label}: ${reasonOf(error)}`, { cause: error });
  }
}

function count(reader: BinaryReader): number {
  const value = Number(reader.int64());
  if (Number.isSafeInteger(value) && value >= 0) return value;
  throw new RangeError(`${value} is no count`);
}
