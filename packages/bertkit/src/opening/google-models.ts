/** The names on the hub of the models that Google released, by the names of their archives, such as `cased_L-12_H-768_A-12`. */
const releases: ReadonlyMap<string, string> = new Map([
  ["uncased_L-12_H-768_A-12", "google-bert/bert-base-uncased"],
  ["uncased_L-24_H-1024_A-16", "google-bert/bert-large-uncased"],
  ["cased_L-12_H-768_A-12", "google-bert/bert-base-cased"],
  ["cased_L-24_H-1024_A-16", "google-bert/bert-large-cased"],
  ["multi_cased_L-12_H-768_A-12", "google-bert/bert-base-multilingual-cased"],
  ["multilingual_L-12_H-768_A-12", "google-bert/bert-base-multilingual-uncased"],
  ["chinese_L-12_H-768_A-12", "google-bert/bert-base-chinese"],
  ["wwm_uncased_L-24_H-1024_A-16", "google-bert/bert-large-uncased-whole-word-masking"],
  ["wwm_cased_L-24_H-1024_A-16", "google-bert/bert-large-cased-whole-word-masking"],
]);

/** What people call four of the 24 small models of "Well-Read Students Learn Better" (Turc et al., 2019). */
const smallNames: ReadonlyMap<string, string> = new Map([
  ["bert-tiny", "bert_uncased_L-2_H-128_A-2"],
  ["bert-mini", "bert_uncased_L-4_H-256_A-4"],
  ["bert-small", "bert_uncased_L-4_H-512_A-8"],
  ["bert-medium", "bert_uncased_L-8_H-512_A-8"],
]);

const smallLayers = [2, 4, 6, 8, 10, 12];
const smallWidths = [128, 256, 512, 768];

/** All names without a namespace, with or without `bert_` where the hub has it, and what the hub calls the model. */
const hubNames: ReadonlyMap<string, string> = new Map([...small(), ...short(), ...releases]);

/** Google's models by their names without a namespace: as released, as the hub has them, and short ones. */
export const googleModels: readonly string[] = [...hubNames.keys()];

/** The full name on the hub of a model that Google released, `@revision` and all; undefined for any other name. */
export function googleModelOnHub(name: string): string | undefined {
  const at = name.indexOf("@");
  const base = at < 0 ? name : name.slice(0, at);
  const full = hubNames.get(base);
  return full && full + name.slice(base.length);
}

/**
 * Their heads are all 64 wide. The largest has the extents of the first release, so that its name without `bert_` is
 * that one's: the one trained again among the small models is "for completeness only".
 */
function small(): [name: string, onHub: string][] {
  const names = smallLayers.flatMap((layers) =>
    smallWidths.map((width) => `uncased_L-${layers}_H-${width}_A-${width / 64}`),
  );
  return names.flatMap((name) => [name, `bert_${name}`].map((own): [string, string] => [own, `google/bert_${name}`]));
}

function short(): [name: string, onHub: string][] {
  const own = Array.from(releases.values(), (full): [string, string] => [full.slice(full.indexOf("/") + 1), full]);
  const sized = Array.from(smallNames, ([name, small]): [string, string] => [name, `google/${small}`]);
  return [...own, ...sized];
}
