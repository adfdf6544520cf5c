import type { NormalizerPart } from "../part.js";

/** `Sequence`: normalizers one after the other. */
export const normalizerSequence: NormalizerPart = {
  type: "Sequence",
  read(section, { read }) {
    const normalizers = section.list("normalizers").map(read);
    return {
      json: { type: "Sequence", normalizers: normalizers.map(({ json }) => json) },
      normalize: (spans) => normalizers.reduce((changed, { normalize }) => normalize(changed), spans),
    };
  },
};
