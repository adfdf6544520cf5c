/** A model's name on the hub and which of its revisions is meant. */
export interface ModelName {
  /** `namespace/name`. */
  readonly name: string;
  /** A branch, a tag, `refs/pr/3`, or the 40 hexadecimal digits of a commit. */
  readonly revision: string;
}

/**
 * Takes `namespace/name@revision` apart, with `main` where no revision is named. Gives undefined for a text that cannot
 * be a model's name by Hugging Face's rules, so that callers can take it for something else.
 */
export function parseModelName(text: string): ModelName | undefined {
  const at = text.indexOf("@");
  const name = at < 0 ? text : text.slice(0, at);
  const revision = at < 0 ? "main" : text.slice(at + 1);
  return isName(name) && isRevision(revision) ? { name, revision } : undefined;
}

/** Whether a revision is a commit's full name, which never moves. */
export const isCommit = (revision: string): boolean => /^[0-9a-f]{40}$/.test(revision);

/** The rules of huggingface_hub's validate_repo_id, for names with a namespace. */
function isName(name: string): boolean {
  const part = "[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,94}[A-Za-z0-9_])?";
  return new RegExp(`^${part}/${part}$`).test(name) && !/--|\.\.|\.git$/.test(name);
}

/** The rules of `git check-ref-format`, for what becomes a path in the cache. */
function isRevision(revision: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be in a revision.
  const forbidden = /[\u0000-\u0020\u007f~^:?*[\\]|\.\.|@\{|\/\/|^\/|\/$|\.$|(^|\/)\.|\.lock(\/|$)/;
  return revision.length > 0 && revision.length <= 250 && !forbidden.test(revision);
}
