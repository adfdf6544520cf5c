/** How tokens can be written. */
export const tokenForms = ["jsonl", "table"] as const;

/** One of {@link tokenForms}. */
export type TokenForm = (typeof tokenForms)[number];
