/** A way to write entities as tags. */
export type TagScheme = "BILOU" | "IOB1" | "IOB2" | "IOBES" | "IOE1" | "IOE2";

/** Prefixes before, prefixes at a tag, and whether both have one type; `undefined` where the type does not matter. */
export type TagPattern = readonly [before: string, at: string, sameType?: boolean];

/** What makes a tag of a scheme begin an entity, go on with it, or stand after its end. */
export interface TagRules {
  readonly prefixes: string;
  readonly starts: readonly TagPattern[];
  readonly continues: readonly TagPattern[];
  readonly ends: readonly TagPattern[];
}

const any = "BEILOSU";

/** seqeval's rules of each scheme, its known gaps in IOE1 included. */
export const tagSchemes: Readonly<Record<TagScheme, TagRules>> = {
  IOB1: {
    prefixes: "IOB",
    starts: [
      ["O", "I"],
      ["I", "I", false],
      ["B", "I"],
      ["IB", "B", true],
    ],
    continues: [["BI", "I", true]],
    ends: [
      ["IB", "I", false],
      ["IB", "O"],
      ["I", "B"],
      ["B", "B", true],
    ],
  },
  IOB2: {
    prefixes: "IOB",
    starts: [[any, "B"]],
    continues: [["BI", "I", true]],
    ends: [
      ["IB", "O"],
      ["IB", "I", false],
      ["IB", "B"],
    ],
  },
  IOE1: {
    prefixes: "IOE",
    starts: [
      ["O", "I"],
      ["I", "I", false],
      ["E", "I"],
      ["E", "E", true],
    ],
    continues: [["I", "IE", true]],
    ends: [
      ["I", "IE", false],
      ["I", "O"],
      ["E", "IE", true],
    ],
  },
  IOE2: {
    prefixes: "IOE",
    starts: [
      ["OE", "IE"],
      ["I", "IE", false],
    ],
    continues: [["I", "IE", true]],
    ends: [["E", any]],
  },
  IOBES: {
    prefixes: "IOBES",
    starts: [[any, "BS"]],
    continues: [["BI", "IE", true]],
    ends: [["SE", any]],
  },
  BILOU: {
    prefixes: "BILOU",
    starts: [[any, "BU"]],
    continues: [["BI", "IL", true]],
    ends: [["UL", any]],
  },
};
