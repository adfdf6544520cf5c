import type { PreTokenizerPart } from "../part.js";

/** `Sequence`: pre-tokenizers one after the other, each cutting the words of the one before. */
export const preTokenizerSequence: PreTokenizerPart = {
  type: "Sequence",
  read(section, { read }) {
    const pretokenizers = section.list("pretokenizers").map(read);
    return {
      json: { type: "Sequence", pretokenizers: pretokenizers.map(({ json }) => json) },
      split: (words) => pretokenizers.reduce((cut, { split }) => split(cut), words),
    };
  },
};
