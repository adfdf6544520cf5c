import { MetricError, shown } from "../metric-error.js";
import type { Entity } from "./entity.js";
import { type TagPattern, type TagScheme, tagSchemes } from "./tag-schemes.js";

interface Tag {
  readonly prefix: string;
  readonly type: string;
}

/**
 * The entities of one sentence's tags that are spelt as a scheme wants, as seqeval's mode "strict": an IOB2 I- without
 * its B-, or a BILOU B- without its L-, is none. Throws a MetricError: `argument` for an unknown scheme, `value` for a
 * tag whose prefix the scheme does not have.
 */
export function strictEntitiesOf(tags: readonly string[], scheme: TagScheme): Entity[] {
  if (!Object.hasOwn(tagSchemes, scheme))
    throw new MetricError("argument", `schemes are ${Object.keys(tagSchemes).join(", ")}, not ${shown(scheme)}`);
  const { starts, continues, ends } = tagSchemes[scheme];
  const outside = parse("O", scheme);
  const parsed = [...tags.map((tag) => parse(tag, scheme)), outside];
  const entities: Entity[] = [];
  let previous = outside;
  for (let i = 0; i < parsed.length; ) {
    const start = i++;
    const tag = parsed[start]!;
    if (matches(starts, previous, tag)) {
      while (i < tags.length && matches(continues, parsed[i - 1]!, parsed[i]!)) i++;
      if (matches(ends, parsed[i - 1]!, parsed[i]!)) entities.push({ type: tag.type, start, end: i });
    }
    previous = parsed[i - 1]!;
  }
  return entities;
}

function parse(tag: string, scheme: TagScheme): Tag {
  const prefix = tag.charAt(0);
  const { prefixes } = tagSchemes[scheme];
  if (prefix === "" || !prefixes.includes(prefix))
    throw new MetricError("value", `${scheme} has tags with ${[...prefixes].join(", ")} in front, not ${shown(tag)}`);
  return { prefix, type: tag.slice(1).replace(/^-+|-+$/g, "") || "_" };
}

function matches(patterns: readonly TagPattern[], before: Tag, at: Tag): boolean {
  return patterns.some(
    ([prefixesBefore, prefixes, sameType]) =>
      prefixesBefore.includes(before.prefix) &&
      prefixes.includes(at.prefix) &&
      (sameType === undefined || sameType === (before.type === at.type)),
  );
}
