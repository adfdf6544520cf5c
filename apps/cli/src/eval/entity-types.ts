import { Failure } from "../failure.js";
import { warn } from "../terminal/notices.js";
import { firstOf } from "./report.js";

/** What tags are called after `given` pairs of types: those of `O` become no entity, others keep their prefix. */
export function renameTypes(tags: readonly string[], given: ReadonlyMap<string, string>): readonly string[] {
  if (given.size === 0) return tags;
  return tags.map((tag) => {
    const type = typeOf(tag);
    const named = type === undefined ? undefined : given.get(type);
    if (named === undefined) return tag;
    return named === "O" ? "O" : `${tag.slice(0, tag.indexOf("-") + 1)}${named}`;
  });
}

/**
 * Compares the types that can be predicted with those of the data.
 * @throws {Failure} where they have none in common, and where there are no entities at all in the data.
 */
export function checkTypes(predicted: Iterable<string>, gold: Iterable<string>, quiet: boolean): void {
  const [known, wanted] = [typesOf(predicted), typesOf(gold)];
  if (wanted.size === 0)
    throw new Failure("the data has no entities to find", { hint: "are its tags in the last column?" });
  const strangers = [...known].filter((type) => !wanted.has(type));
  if (strangers.length === 0) return;
  const types = `the predicted types are ${[...known].join(", ")}, the data's ${[...wanted].join(", ")}`;
  if (strangers.length === known.size) {
    throw new Failure(types, {
      hint: `say which is which: --labels ${strangers.map((type) => `${type}=…`).join(",")}`,
    });
  }
  if (!quiet) warn(`the data has no entities of ${strangers.length} predicted types (${firstOf(strangers)})`);
}

function typesOf(tags: Iterable<string>): ReadonlySet<string> {
  return new Set(Array.from(tags, typeOf).filter((type) => type !== undefined));
}

/** Undefined for O. */
function typeOf(tag: string): string | undefined {
  const at = tag.indexOf("-");
  return at < 0 ? undefined : tag.slice(at + 1);
}
