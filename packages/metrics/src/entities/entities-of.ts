import { MetricError } from "../metric-error.js";
import type { Entity } from "./entity.js";

interface Tag {
  readonly prefix: string;
  readonly type: string;
}

/**
 * The entities of one sentence's tags, read as leniently as conlleval and seqeval's default do: B-, I-, E- and S- of
 * IOB1, IOB2, IOE and IOBES, and an I- after O or after another type begins an entity. BILOU's L- and U- are no borders
 * here: read those with `strictEntitiesOf`. Throws a MetricError (`value`) for an empty tag.
 */
export function entitiesOf(tags: readonly string[]): Entity[] {
  const entities: Entity[] = [];
  let [start, previous] = [0, outside];
  for (let i = 0; i <= tags.length; i++) {
    const tag = i < tags.length ? parse(tags[i]!) : parse("O");
    if (endsBetween(previous, tag)) entities.push({ type: previous.type, start, end: i });
    if (startsBetween(previous, tag)) start = i;
    previous = tag;
  }
  return entities;
}

/** What is before a sentence; its type is that of no tag. */
const outside: Tag = { prefix: "O", type: "" };

function parse(tag: string): Tag {
  const [prefix] = tag;
  if (prefix === undefined) throw new MetricError("value", 'a tag is a text such as "O" or "B-PER", and one is empty');
  const rest = tag.slice(prefix.length);
  return { prefix, type: rest.slice(rest.indexOf("-") + 1) || "_" };
}

/** Borders by prefixes alone, as "the one before, the one after". */
const ends = new Set(["BB", "BS", "BO", "IB", "IS", "IO"]);
const starts = new Set(["EE", "EI", "SE", "SI", "OE", "OI"]);

function endsBetween(previous: Tag, tag: Tag): boolean {
  if (previous.prefix === "E" || previous.prefix === "S") return true;
  return ends.has(previous.prefix + tag.prefix) || (isInside(previous) && previous.type !== tag.type);
}

function startsBetween(previous: Tag, tag: Tag): boolean {
  if (tag.prefix === "B" || tag.prefix === "S") return true;
  return starts.has(previous.prefix + tag.prefix) || (isInside(tag) && previous.type !== tag.type);
}

/** conlleval's "." is outside as O is. */
function isInside({ prefix }: Tag): boolean {
  return prefix !== "O" && prefix !== ".";
}
