import type { NormalizerPart } from "../part.js";
import { spanSlicer, textOf } from "../span.js";
import { isWhiteSpace } from "../white-space.js";

/** `Strip`: takes white space from the ends. */
export const stripNormalizer: NormalizerPart = {
  type: "Strip",
  read(section) {
    const left = section.boolean("strip_left");
    const right = section.boolean("strip_right");
    return {
      json: { type: "Strip", strip_left: left, strip_right: right },
      normalize(spans) {
        const text = textOf(spans);
        let from = 0;
        let to = text.length;
        if (left) while (from < to && isWhiteSpace(text.charCodeAt(from))) from++;
        if (right) while (to > from && isWhiteSpace(text.charCodeAt(to - 1))) to--;
        return from === 0 && to === text.length ? spans : spanSlicer(spans)(from, to);
      },
    };
  },
};
