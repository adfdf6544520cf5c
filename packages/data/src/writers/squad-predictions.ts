import type { NBestAnswer } from "../readers/squad-predictions.js";
import { PythonObjectWriter } from "./python-json.js";

/**
 * Writes one of run_squad's files entry by entry: append what `entry` gives for each question, and `end` after the
 * last.
 */
export interface PredictionWriter<Value> {
  /** @throws {DataError} `value` for a number that is not finite. */
  entry(id: string, value: Value): string;
  end(): string;
}

/** Writes a `predictions.json` entry by entry. */
export function predictionsWriter(): PredictionWriter<string> {
  return new PythonObjectWriter<string>();
}

/** Writes an `nbest_predictions.json` entry by entry. */
export function nBestWriter(): PredictionWriter<readonly NBestAnswer[]> {
  const writer = new PythonObjectWriter();
  return {
    entry: (id, answers) =>
      writer.entry(
        id,
        answers.map(({ text, probability, startLogit, endLogit }) => {
          return { text, probability, start_logit: startLogit, end_logit: endLogit };
        }),
      ),
    end: () => writer.end(),
  };
}

/** Writes a `null_odds.json` entry by entry. */
export function nullOddsWriter(): PredictionWriter<number> {
  return new PythonObjectWriter<number>();
}

/** A whole `predictions.json`, to the byte as run_squad writes it: `json.dumps(…, indent=4)` and a line end. */
export function toPredictionsJson(answers: Iterable<readonly [id: string, text: string]>): string {
  return whole(answers, predictionsWriter());
}

/**
 * A whole `nbest_predictions.json`, to the byte as run_squad writes it.
 * @throws {DataError} `value` for a number that is not finite.
 */
export function toNBestJson(answers: Iterable<readonly [id: string, answers: readonly NBestAnswer[]]>): string {
  return whole(answers, nBestWriter());
}

/**
 * A whole `null_odds.json`, to the byte as run_squad writes it.
 * @throws {DataError} `value` for a number that is not finite.
 */
export function toNullOddsJson(odds: Iterable<readonly [id: string, odds: number]>): string {
  return whole(odds, nullOddsWriter());
}

function whole<Value>(entries: Iterable<readonly [id: string, value: Value]>, writer: PredictionWriter<Value>): string {
  const parts: string[] = [];
  for (const [id, value] of entries) parts.push(writer.entry(id, value));
  parts.push(writer.end());
  return parts.join("");
}
