import { usageFailure } from "../failure.js";
import { checkInput } from "../similar/open-corpus.js";
import type { SimilarFlags } from "../similar/similar-flags.js";

export type { SimilarFlags } from "../similar/similar-flags.js";

/**
 * Finds for each query the texts of a file that are most like it; without queries, the near-duplicates in a file, or how
 * alike two columns are.
 */
export async function similar(queries: readonly string[], flags: SimilarFlags, signal: AbortSignal): Promise<void> {
  checkThreshold(flags);
  if (queries.length > 0) {
    if (flags.fields)
      throw usageFailure("--fields compares two columns, and takes no queries", "leave one of them out");
    checkInput(flags);
    await (await import("../similar/search-texts.js")).searchTexts(queries, flags, signal);
  } else if (flags.fields) {
    checkPairs(flags);
    checkInput(flags);
    await (await import("../similar/score-pairs.js")).scorePairs(flags, signal);
  } else if (flags.threshold !== undefined) {
    checkDuplicates(flags);
    checkInput(flags);
    await (await import("../similar/find-duplicates.js")).findDuplicates(flags, signal);
  } else {
    const hint = "give a query; or --threshold 0.9 for near-duplicates, or --fields a,b for the pairs of two columns";
    throw usageFailure("nothing to compare the texts with", hint);
  }
}

function checkThreshold({ threshold, score }: SimilarFlags): void {
  if (threshold === undefined) return;
  const isReachable = score === "dot" ? !Number.isNaN(threshold) : threshold >= -1 && threshold <= 1;
  if (isReachable) return;
  const wanted = score === "dot" ? "a number" : "from -1 to 1, as cosines are";
  throw usageFailure(`--threshold must be ${wanted}, got ${threshold}`, "near-duplicates have 0.9 or more");
}

function checkPairs({ fields, top, threshold, field, ...flags }: SimilarFlags): void {
  checkNoDocuments(flags);
  if (fields?.length !== 2 || fields[0] === fields[1]) {
    throw usageFailure(`--fields takes two columns, got ${fields?.join(",")}`, "write it so: --fields question,answer");
  }
  if (top !== undefined || threshold !== undefined || field !== undefined) {
    const hint = "every row gets a score: filter what comes out";
    throw usageFailure("--top, --threshold and --field are not for --fields", hint);
  }
}

function checkDuplicates({ score, ...flags }: SimilarFlags): void {
  checkNoDocuments(flags);
  if (score !== undefined && score !== "cosine") {
    throw usageFailure("near-duplicates are found by their cosine", "leave --score out");
  }
}

function checkNoDocuments({ documentPrompt, documentPromptName }: SimilarFlags): void {
  if (documentPrompt === undefined && documentPromptName === undefined) return;
  const hint = "--prompt and --prompt-name are for all texts where there are no queries";
  throw usageFailure("--document-prompt and --document-prompt-name are for searches with queries", hint);
}
