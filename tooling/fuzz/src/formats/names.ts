import type { Random } from "../random.js";

const sound = ["weight", "bias", "bert.encoder.layer.0", "a/b/kernel", "gamma", "épaisseur", "x"];
const odd = [
  "",
  "__proto__",
  "constructor",
  "__metadata__",
  "\0",
  "..",
  "../up",
  "/etc/passwd",
  "a\\b",
  "\ud800",
  "C:x",
];

/** What an array or a file is called, or should better not be. */
export function anyName(random: Random): string {
  return random.orWrong(random.pick(sound), () =>
    random.chance(0.1) ? "n".repeat(random.below(5000)) : random.pick([...sound, ...odd]),
  );
}

/** Names that differ, as long as nothing goes wrong. */
export function namesOf(count: number, random: Random): string[] {
  return random.several(count, (i) => random.orWrong(`${anyName(random)}${i}`, () => anyName(random)));
}

/** Of an array, small. */
export function anyShape(random: Random): number[] {
  return random.several(random.below(4), () => random.count(random.below(4)));
}

/** As far as numbers go that JavaScript can have. */
export function elementsOf(shape: readonly number[]): number {
  return shape.reduce((product, extent) => product * extent, 1);
}
