import { pageHeading, pageRemark, pageResults } from "../similar/results-page.js";
import { colorsOn, paint, type Style } from "../terminal/colors.js";
import { wrapText } from "../terminal/wrap-text.js";
import { type Passage, passageAround, type Stretch } from "./passage.js";

/** An answer as a page shows it; one that is no stretch of its context says that there is none. */
export interface ShownAnswer extends Stretch {
  readonly text: string;
  readonly score: number;
}

/** The question as a heading; below it each answer with its score, and where it stands in the context. */
export function answerPage(
  [question, context]: readonly [question: string, context: string],
  answers: readonly ShownAnswer[],
  columns: number,
): string {
  const page = { columns, isCosine: true };
  const shown = answers.map(({ text, score, start, end }) => {
    if (start === end) return pageRemark(`no answer  ${score.toFixed(3)}`);
    const result = pageResults([{ score, texts: [{ text, place: "" }] }], page);
    return result + passageLines(passageAround(context, { start, end }, passageLineCount * widthOf(columns)), columns);
  });
  return `${pageHeading(question, page)}${shown.join("")}\n`;
}

const passageLineCount = 3;
const indent = "    ";

const widthOf = (columns: number): number => Math.max(16, columns - 1 - indent.length);

/** The passage in lines that fit the terminal, the answer in it in another style; in brackets where there are none. */
function passageLines({ before, answer, after }: Passage, columns: number): string {
  const marked = colorsOn() ? answer : `[${answer}]`;
  const [from, to] = [before.length, before.length + marked.length];
  let at = 0;
  const lines = wrapText(before + marked + after, widthOf(columns)).map((line) => {
    const [start, end] = [at, at + line.length];
    at = end;
    const part = (style: Style, first: number, last: number): string => {
      const text = line.trimEnd().slice(Math.max(0, first - start), Math.max(0, last - start));
      return text === "" ? "" : paint(style, text);
    };
    const text = `${part("dim", start, Math.min(from, end))}${part("bold", from, Math.min(to, end))}${part("dim", to, end)}`;
    return `${indent}${text}\n`;
  });
  return lines.join("");
}
