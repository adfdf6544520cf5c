/**
 * Where the sentences of a text begin, but for the first. They end with the punctuation that ends sentences in the script
 * they are written in, and with an empty line; not after initials, a few titles and the number of an item, nor where a
 * small letter goes on. Simple rules, the same in every engine: a sentence more or less is no mistake.
 */
export function sentenceStarts(text: string): readonly number[] {
  const starts: number[] = [];
  const stops = new RegExp(sentenceStop, "gu");
  let sentence = 0;
  for (let stop = stops.exec(text); stop !== null; stop = stops.exec(text)) {
    const end = stops.lastIndex;
    const next = afterSpace(text, end);
    stops.lastIndex = next;
    if (next === text.length) break;
    if (!endsSentence(text, { sentence, from: stop.index, end, next })) continue;
    starts.push(next);
    sentence = next;
  }
  return starts;
}

const closing = "\"'”’»›)\\]}」』）》〉】〕｣＂＇";
const ideographic = "。！？｡．";
/** Marks that end sentences, with what closes behind them; or the end of a line. */
const sentenceStop = `[.!?…‽؟۔।॥։።။។᠃⸮‼⁇⁈⁉${ideographic}]+[${closing}]*|[\\n\\u2029]`;

interface Stop {
  /** Where the sentence began, the mark stands and ends, and what comes after white space begins. */
  readonly sentence: number;
  readonly from: number;
  readonly end: number;
  readonly next: number;
}

function endsSentence(text: string, { sentence, from, end, next }: Stop): boolean {
  const mark = text.charAt(from);
  const space = text.slice(mark === "\n" ? from : end, next);
  if (mark === "\u2029" || /\n[^\n]*\n|\u2029/.test(space)) return true;
  if (mark === "\n") return false;
  if (ideographic.includes(mark)) return true;
  if (space === "" || goesOn(text, next)) return false;
  return mark !== "." || end > from + 1 || !isAbbreviation(text.slice(Math.max(sentence, from - 12), from));
}

/** Whether a small letter follows, quotation marks and brackets apart: of the alphabets whose letters are long settled. */
function goesOn(text: string, at: number): boolean {
  let next = at;
  while ("\"'“‘«‹([{¿¡".includes(text.charAt(next)) && next < text.length) next++;
  const letter = text.charAt(next);
  return letter < "\u0590" && letter !== letter.toUpperCase();
}

/** Whether what stands before a full stop is an initial, a title, or the number of an item and nothing else. */
function isAbbreviation(before: string): boolean {
  return /(^|[^A-Za-z0-9\u00c0-\u058f])([A-Za-z\u00c0-\u058f]|Mr|Mrs|Ms|Dr|Prof|St|Nr|No|Fig|vs|Mme|Mlle)$|^\s*[0-9]{1,3}$/.test(
    before,
  );
}

function afterSpace(text: string, from: number): number {
  let at = from;
  while (at < text.length && /\s/.test(text.charAt(at))) at++;
  return at;
}
