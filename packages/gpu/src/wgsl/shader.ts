/** What an array's elements, or a parameter, are in WGSL. */
export type Scalar = "f32" | "i32" | "u32";

export interface ShaderParts<Reads extends string, Writes extends string, Parameters extends string> {
  /** For the device's own tools and messages. */
  readonly name: string;
  /** Arrays that are read only. */
  readonly reads: Readonly<Record<Reads, Scalar>>;
  /** Arrays that are written, and may be read. */
  readonly writes: Readonly<Record<Writes, Scalar>>;
  /** Numbers that change from call to call: `p.name` in the text. */
  readonly parameters: Readonly<Record<Parameters, Scalar>>;
  /** How many invocations a workgroup has. */
  readonly threads: number;
  /** Functions and workgroup memory. */
  readonly declarations?: string;
  /** Sees `group`, the number of the workgroup, and `lane`, the invocation's number in it. */
  readonly body: string;
}

/** A compute shader's text, and the names by which it is called. */
export interface Shader<Arrays extends string = string, Parameters extends string = string> {
  readonly name: string;
  readonly source: string;
  readonly threads: number;
  readonly arrays: readonly { readonly name: Arrays; readonly writable: boolean }[];
  readonly parameters: readonly { readonly name: Parameters; readonly type: Scalar }[];
}

/**
 * Composes a compute shader. Binding 0 holds the parameters, the arrays follow in the order in which they are named.
 * Grids past a dimension's limit are folded into two; `p.groups` is how many workgroups have work.
 */
export function shader<Reads extends string, Writes extends string, Parameters extends string>(
  parts: ShaderParts<Reads, Writes, Parameters>,
): Shader<Reads | Writes, Parameters> {
  const arrays = [...entries(parts.reads, false), ...entries(parts.writes, true)];
  const parameters = (Object.keys(parts.parameters) as Parameters[]).map((name) => ({
    name,
    type: parts.parameters[name],
  }));
  const bindings = arrays.map(({ name, type, writable }, i) => {
    const access = writable ? "read_write" : "read";
    return `@group(0) @binding(${i + 1}) var<storage, ${access}> ${name}: array<${type}>;`;
  });
  const source = `
struct Parameters { ${parameters.map(({ name, type }) => `${name}: ${type}, `).join("")}groups: u32 }
@group(0) @binding(0) var<uniform> p: Parameters;
${bindings.join("\n")}
${parts.declarations ?? ""}
@compute @workgroup_size(${parts.threads})
fn main(
  @builtin(workgroup_id) workgroup: vec3<u32>,
  @builtin(num_workgroups) workgroups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let group = workgroup.y * workgroups.x + workgroup.x;
  if (group >= p.groups) { return; }
${parts.body}
}
`;
  return { name: parts.name, source, threads: parts.threads, arrays, parameters };
}

function entries<Name extends string>(arrays: Readonly<Record<Name, Scalar>>, writable: boolean) {
  return (Object.keys(arrays) as Name[]).map((name) => ({ name, type: arrays[name], writable }));
}

/** The text's lines for each of 0 … count − 1. */
export const repeated = (count: number, line: (i: number) => string): string =>
  Array.from({ length: count }, (_, i) => line(i)).join("\n");
