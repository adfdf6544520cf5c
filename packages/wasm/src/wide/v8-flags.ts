/** The part of `node:v8` that flags need. */
export interface V8 {
  setFlagsFromString(flags: string): void;
  /** A number that depends on all flags (and on the engine's version and processor). */
  cachedDataVersionTag(): number;
}

/** Names of on-off flags, without the dashes, and what they are to be. */
export type Flags = Readonly<Record<string, boolean>>;

/**
 * Runs `body` with these flags set, and then puts back what they were, whatever happens. V8 gives nobody its flags, but
 * the tag changes when one does: a flag that changes it now is set back later, one that does not was so already
 * (a user may have started Node with it) and stays. Throws where the tag says nothing of a flag, or the engine has none
 * of that name. Exact from V8 13 on.
 *
 * Flags hold for the whole process. `body` must be synchronous, so that no other JavaScript of this thread sees them;
 * another thread might, while it lasts.
 */
export function withFlags<Result>(v8: V8, flags: Flags, body: () => Result): Result {
  const restore: string[] = [];
  try {
    for (const [name, value] of Object.entries(flags)) {
      const [wanted, opposite] = value ? [`--${name}`, `--no-${name}`] : [`--no-${name}`, `--${name}`];
      const changesTag = (flag: string): boolean => {
        const before = v8.cachedDataVersionTag();
        v8.setFlagsFromString(flag);
        return v8.cachedDataVersionTag() !== before;
      };
      if (changesTag(wanted)) {
        restore.unshift(opposite);
      } else if (!changesTag(opposite) || !changesTag(wanted)) {
        throw new Error(`this engine does not tell whether --${name} is set`);
      }
    }
    return body();
  } finally {
    for (const flag of restore) v8.setFlagsFromString(flag);
  }
}
