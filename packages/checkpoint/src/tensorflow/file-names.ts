/** What the file is called that says which checkpoint of its folder is the latest. */
export const stateFileName = "checkpoint";

/** What the index of a checkpoint is called. */
export function indexFileName(prefix: string): string {
  return `${prefix}.index`;
}

/** What one of the data files of a checkpoint is called. */
export function dataFileName(prefix: string, shard: number, shards: number): string {
  return `${prefix}.data-${fiveDigits(shard)}-of-${fiveDigits(shards)}`;
}

function fiveDigits(number: number): string {
  return String(number).padStart(5, "0");
}
