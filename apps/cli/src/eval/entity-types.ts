import { Failure } from "../failure.js";
import { warn } from "../terminal/notices.js";
import { firstOf } from "./report.js";

/** A tag after `given` pairs, of whole tags or of types, which keep their prefix; a type that is `O` there is no entity. */
export function renamedTag(tag: string, given: ReadonlyMap<string, string>): string {
  const whole = given.get(tag);
  if (whole !== undefined) return whole;
  const type = typeOf(tag);
  const named = type === undefined ? undefined : given.get(type);
  if (named === undefined) return tag;
  return named === "O" ? "O" : `${tag.slice(0, tag.indexOf("-") + 1)}${named}`;
}

/**
 * Compares the tags that can be predicted with those of the data.
 * @throws {Failure} for what is no tag, where they have no type in common, and where the data has no entities.
 */
export function checkTags(predicted: Iterable<string>, gold: Iterable<string>, quiet: boolean): void {
  const tags = new Set(predicted);
  const stray = [...tags].filter((tag) => tag !== "O" && !/^[BIELSU]-./.test(tag));
  if (stray.length > 0) {
    const hint = `say which is which: --labels ${stray.map((tag) => `${tag}=…`).join(",")}`;
    throw new Failure(`wanted tags such as O and B-PER, these are ${firstOf(stray)}`, { hint });
  }
  const [known, wanted] = [typesOf(tags), typesOf(gold)];
  if (wanted.size === 0)
    throw new Failure("the data has no entities to find", { hint: "are its tags in the last column?" });
  const strangers = [...known].filter((type) => !wanted.has(type));
  if (strangers.length === 0) return;
  if (strangers.length === known.size) {
    const types = `the predicted types are ${[...known].join(", ")}, the data's ${[...wanted].join(", ")}`;
    throw new Failure(types, {
      hint: `say which is which: --labels ${strangers.map((type) => `${type}=…`).join(",")}`,
    });
  }
  if (!quiet) warn(`the data has no entities of ${strangers.length} of the predicted types (${firstOf(strangers)})`);
}

function typesOf(tags: Iterable<string>): ReadonlySet<string> {
  return new Set(Array.from(tags, typeOf).filter((type) => type !== undefined));
}

/** Undefined for O. */
function typeOf(tag: string): string | undefined {
  const at = tag.indexOf("-");
  return at < 0 ? undefined : tag.slice(at + 1);
}
