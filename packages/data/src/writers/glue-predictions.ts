/** A whole file of predictions as GLUE takes it: index⇥prediction, in the order of the examples, numbered from 0. */
export function toGluePredictions(predictions: Iterable<string | number>): string {
  const lines = ["index\tprediction\n"];
  for (const prediction of predictions) lines.push(`${lines.length - 1}\t${prediction}\n`);
  return lines.join("");
}
