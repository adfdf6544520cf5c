/** What kind of mistake a {@link TokenizerError} is. */
export type TokenizerErrorCode =
  /** A file is not what it should be: no JSON, a field of the wrong type, a token without an id. */
  | "invalid_file"
  /** A file asks for something other than BERT's pipeline. */
  | "unsupported"
  /** A token that the pipeline needs is not in the vocabulary. */
  | "missing_token"
  /** The vocabulary has upper-case tokens and nothing says whether to lower-case. */
  | "unknown_case"
  /** An option or argument that makes no sense. */
  | "invalid_option"
  /** The maximum length leaves no room for what has to stay. */
  | "maximum_too_short";

/** What this package throws; `code` says which kind of mistake it is. */
export class TokenizerError extends Error {
  override readonly name = "TokenizerError";
  readonly code: TokenizerErrorCode;
  constructor(code: TokenizerErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
