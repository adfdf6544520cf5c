/** Gives the engine a `Symbol.dispose` where it has none yet, so that `using`, compiled down, finds one. */
export function ensureDisposeSymbol(): void {
  if (!Symbol.dispose) Object.defineProperty(Symbol, "dispose", { value: Symbol("Symbol.dispose") });
}
