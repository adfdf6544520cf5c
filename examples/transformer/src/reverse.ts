import { argv } from "node:process";
import { pathToFileURL } from "node:url";
import { adamw, lossAndGradients, type Moments, RandomStream, zeros } from "@bertkit/tensor";
import { type Device, openBackend } from "bertkit";
import { generate } from "./generate.js";
import { pack } from "./sequences.js";
import { Transformer } from "./transformer.js";

const words = ["attention", "is", "all", "you", "need", "to", "write", "a", "word", "backwards"];
const [start, end] = [0, 1];
const toIds = (word: string): number[] => [...word].map((letter) => letter.charCodeAt(0) - 97 + 2);
const toWord = (ids: readonly number[]): string => ids.map((id) => String.fromCharCode(id - 2 + 97)).join("");

/** Trains a Transformer to write the words backwards. @returns the loss at each step, and what it then writes of `texts` */
export async function learnToReverse({
  device,
  steps = 60,
  texts = words,
}: {
  readonly device?: Device | undefined;
  readonly steps?: number;
  readonly texts?: readonly string[];
}): Promise<{ losses: number[]; written: string[] }> {
  using backend = await openBackend({ device });
  using model = new Transformer({ vocabulary: 28, width: 32, heads: 2, innerWidth: 64, blocks: 1, positions: 16 });
  model.initialize(backend, new RandomStream(1));
  const parameters = Array.from(model.parameters(), ([, parameter]) => parameter);
  const moments = parameters.map(
    ({ shape }): Moments => ({ mean: zeros(backend, shape), variance: zeros(backend, shape) }),
  );

  const source = pack(words.map(toIds));
  const target = pack(words.map((word) => [start, ...toIds(word).reverse(), end]));
  const losses: number[] = [];
  for (let count = 1; count <= steps; count++) {
    using step = lossAndGradients(parameters, () => model.loss(source, target));
    for (const [i, parameter] of parameters.entries()) {
      const settings = { rate: 0.01, beta1: 0.9, beta2: 0.98, epsilon: 1e-9, decay: 0, count };
      adamw(parameter, step.gradients.get(parameter)!, moments[i]!, settings);
    }
    losses.push((await step.loss.read())[0]!);
  }
  for (const { mean, variance } of moments) for (const tensor of [mean, variance]) tensor.dispose();

  const written: string[] = [];
  for (const text of texts) written.push(toWord(await generate(model, toIds(text), { start, end, limit: 14 })));
  return { losses, written };
}

if (argv[1] && import.meta.url === pathToFileURL(argv[1]).href) {
  const { losses, written } = await learnToReverse({ device: argv[2] as Device | undefined });
  console.log(losses.map((loss) => loss.toFixed(3)).join(" "));
  console.log(written.join(" "));
}
