/** What a file does that the package table, or the way packages are made, does not allow. */
export interface Offence {
  /** From the repository's root, with `/`. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** What stands there: an import's specifier, a dependency's name. */
  readonly found: string;
  readonly rule: Rule;
  /** What is wrong, and what to do. */
  readonly message: string;
}

/** The rules by name. */
export type Rule =
  | "table"
  | "dependency"
  | "import"
  | "deep-import"
  | "outside-package"
  | "cycle"
  | "undeclared"
  | "node-import"
  | "computed-import"
  | "entry-point";

/** `file:line: "found" [rule] message`, as a terminal or an editor makes a link of it. */
export const showOffence = ({ file, line, found, rule, message }: Offence): string =>
  `${file}:${line}: ${JSON.stringify(found)} [${rule}] ${message}`;
