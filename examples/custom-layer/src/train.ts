import { argv } from "node:process";
import { pathToFileURL } from "node:url";
import { adamw, lossAndGradients, type Moments, RandomStream, softmax, tidy, zeros } from "@bertkit/tensor";
import { packEncodings } from "@bertkit/tokenizer";
import { type Device, loadSentenceEncoder, openBackend } from "bertkit";
import { Classifier } from "./classifier.js";

const examples: readonly (readonly [text: string, label: 0 | 1])[] = [
  ["what a lovely little film", 1],
  ["a joy from start to end", 1],
  ["the cast is wonderful", 1],
  ["dull and far too long", 0],
  ["a waste of two hours", 0],
  ["the worst script of the year", 0],
];

/** Trains the classifier on a frozen BERT. @returns the loss at each step, and what it then says of `texts` */
export async function train(
  model: string,
  { device, steps = 20, texts = [] }: { device?: Device | undefined; steps?: number; texts?: readonly string[] },
): Promise<{ losses: number[]; probabilities: number[] }> {
  using backend = await openBackend({ device });
  using encoder = await loadSentenceEncoder(model, { backend });
  const { encoder: bert, tokenizer, maxLength } = encoder;
  const pack = (batch: readonly string[]) => packEncodings(batch.map((text) => tokenizer.encode(text, { maxLength })));

  using classifier = new Classifier(bert.config.width, 2);
  classifier.initialize(backend, new RandomStream(1));
  const parameters = Array.from(classifier.parameters(), ([, parameter]) => parameter);
  const moments = parameters.map(
    ({ shape }): Moments => ({ mean: zeros(backend, shape), variance: zeros(backend, shape) }),
  );

  const batch = pack(examples.map(([text]) => text));
  const labels = Int32Array.from(examples, ([, label]) => label);
  const losses: number[] = [];
  for (let count = 1; count <= steps; count++) {
    using step = lossAndGradients(parameters, () => classifier.loss(bert.forward(batch), labels));
    for (const [i, parameter] of parameters.entries()) {
      const settings = { rate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, decay: 0, count };
      adamw(parameter, step.gradients.get(parameter)!, moments[i]!, settings);
    }
    losses.push((await step.loss.read())[0]!);
  }
  for (const { mean, variance } of moments) for (const tensor of [mean, variance]) tensor.dispose();
  if (texts.length === 0) return { losses, probabilities: [] };
  using answers = tidy(() => softmax(classifier.forward(bert.forward(pack(texts)))));
  const values = await answers.read();
  return { losses, probabilities: texts.map((_, i) => values[2 * i + 1]!) };
}

if (argv[1] && import.meta.url === pathToFileURL(argv[1]).href) {
  const [model, device] = argv.slice(2);
  if (!model) throw new Error("name a model's folder: node dist/train.js FOLDER [wasm|reference]");
  const texts = ["a wonderful evening", "I wanted my money back"];
  const { losses, probabilities } = await train(model, { device: device as Device | undefined, texts });
  console.log(losses.map((loss) => loss.toFixed(3)).join(" "));
  for (const [i, text] of texts.entries()) console.log(`${(100 * probabilities[i]!).toFixed(0)} % good: ${text}`);
}
