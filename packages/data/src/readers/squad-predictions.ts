import { JsonObject, parseJson, wrongShape } from "../text/json-object.js";

/** One of a question's best answers, as run_squad writes them. */
export interface NBestAnswer {
  /** Empty for "there is no answer". */
  readonly text: string;
  /** Among the answers of the list. */
  readonly probability: number;
  readonly startLogit: number;
  readonly endLogit: number;
}

/**
 * Answers by the ids of their questions, from a `predictions.json`.
 * @throws {DataError} `json` for what is not JSON, `shape` for an answer that is no string.
 */
export function parsePredictions(json: string): Map<string, string> {
  return valuesById(json, (file, id, value) => {
    if (typeof value !== "string") throw file.wrong(id, "an answer's text", value);
    return value;
  });
}

/**
 * Each question's best answers by its id, from an `nbest_predictions.json`.
 * @throws {DataError} `json` for what is not JSON, NaN and Infinity too; `shape` for other fields.
 */
export function parseNBestPredictions(json: string): Map<string, readonly NBestAnswer[]> {
  return valuesById(json, (file, id) =>
    file.objects(id).map((answer) => ({
      text: answer.string("text"),
      probability: answer.number("probability"),
      startLogit: answer.number("start_logit"),
      endLogit: answer.number("end_logit"),
    })),
  );
}

/**
 * How much higher "there is no answer" scores than the best answer, by the questions' ids, from a `null_odds.json` or a
 * file of no-answer probabilities.
 * @throws {DataError} `json` for what is not JSON, NaN and Infinity too; `shape` for a value that is no number.
 */
export function parseNullOdds(json: string): Map<string, number> {
  return valuesById(json, (file, id) => file.number(id));
}

/** Ids that are whole numbers come first: a JavaScript object keeps no other order for them. */
function valuesById<Value>(
  json: string,
  read: (file: JsonObject, id: string, value: unknown) => Value,
): Map<string, Value> {
  const parsed = parseJson(json);
  if (Array.isArray(parsed)) throw wrongShape("an object with an entry for each question's id", parsed, {});
  const file = new JsonObject(parsed);
  return new Map(file.entries().map(([id, value]) => [id, read(file, id, value)]));
}
