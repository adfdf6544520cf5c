/** Collects, over all inputs of a run, what a person should know about what was read. */
export class InputWarnings {
  #invalid = { count: 0, place: "" };
  #newField: string | undefined;

  /** A line that was not valid UTF-8. */
  invalidLine(place: string): void {
    if (this.#invalid.count++ === 0) this.#invalid.place = place;
  }

  /** A field of a JSON line that the first object did not have, where all fields are kept. */
  newField(place: string, field: string): void {
    this.#newField ??= `${place}: the field ${JSON.stringify(field)} is new here; * keeps the fields of the first object`;
  }

  /** All of it, in a sentence; undefined where there is nothing to say. */
  sentence(): string | undefined {
    const sentences = [this.#encoding(), this.#newField].filter((sentence) => sentence !== undefined);
    return sentences.length === 0 ? undefined : sentences.join("; ");
  }

  #encoding(): string | undefined {
    const { count, place } = this.#invalid;
    if (count === 0) return undefined;
    const lines = count === 1 ? "1 line is" : `${count} lines are`;
    return `${place}: ${lines} not valid UTF-8, this the first; what is not became U+FFFD (is it another encoding?)`;
  }
}
