import { argv } from "node:process";
import { pathToFileURL } from "node:url";
import { adamw, lossAndGradients, type Moments, RandomStream, tidy, zeros } from "@bertkit/tensor";
import { packEncodings } from "@bertkit/tokenizer";
import { type Device, loadSentenceEncoder, openBackend } from "bertkit";
import { OrdinalRating, type Rating } from "./ordinal-rating.js";

const reviews: readonly (readonly [text: string, stars: number])[] = [
  ["the worst two hours of my life", 1],
  ["I wanted my money back", 1],
  ["dull and far too long", 2],
  ["neither good nor bad", 3],
  ["you can watch it once", 3],
  ["a good film with a slow start", 4],
  ["the cast is wonderful", 5],
  ["a joy from start to end", 5],
];

/** Trains the head on a frozen BERT. @returns the loss at each step, and what it then says of `texts` */
export async function train(
  model: string,
  {
    device,
    steps = 60,
    texts = reviews.map(([text]) => text),
  }: { readonly device?: Device | undefined; readonly steps?: number; readonly texts?: readonly string[] },
): Promise<{ losses: number[]; ratings: Rating[] }> {
  using backend = await openBackend({ device });
  using encoder = await loadSentenceEncoder(model, { backend });
  const { encoder: bert, tokenizer, maxLength } = encoder;
  const pack = (batch: readonly string[]) => packEncodings(batch.map((text) => tokenizer.encode(text, { maxLength })));

  using head = new OrdinalRating({ width: bert.config.width, levels: 5 });
  head.initialize(backend, new RandomStream(1));
  const parameters = Array.from(head.parameters(), ([, parameter]) => parameter);
  const moments = parameters.map(
    ({ shape }): Moments => ({ mean: zeros(backend, shape), variance: zeros(backend, shape) }),
  );

  const batch = pack(reviews.map(([text]) => text));
  const levels = Int32Array.from(reviews, ([, stars]) => stars - 1);
  const losses: number[] = [];
  for (let count = 1; count <= steps; count++) {
    using step = lossAndGradients(parameters, () => head.loss(bert.forward(batch), levels));
    for (const [i, parameter] of parameters.entries()) {
      const settings = { rate: 0.1, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, decay: 0, count };
      adamw(parameter, step.gradients.get(parameter)!, moments[i]!, settings);
    }
    losses.push((await step.loss.read())[0]!);
  }
  for (const { mean, variance } of moments) for (const tensor of [mean, variance]) tensor.dispose();
  if (texts.length === 0) return { losses, ratings: [] };
  using logits = tidy(() => head.forward(bert.forward(pack(texts))));
  return { losses, ratings: head.answer(await logits.read(), logits.shape) };
}

if (argv[1] && import.meta.url === pathToFileURL(argv[1]).href) {
  const [model, device] = argv.slice(2);
  if (!model) throw new Error("name a model's folder: node dist/train.js FOLDER [wasm|reference]");
  const texts = ["a wonderful evening", "I fell asleep", "it was all right"];
  const { losses, ratings } = await train(model, { device: device as Device | undefined, texts });
  console.log(losses.map((loss) => loss.toFixed(3)).join(" "));
  for (const [i, { level }] of ratings.entries()) console.log(`${"★".repeat(level + 1).padEnd(5)} ${texts[i]}`);
}
