/** How tokens can be written. */
export const tokenForms = ["jsonl", "ids", "view", "table"] as const;

/** One of {@link tokenForms}. */
export type TokenForm = (typeof tokenForms)[number];
