import { expect, test } from "@jest/globals";
import { visibleText } from "./visible-text.js";

test("what would move the cursor, break the line or turn the text around is shown instead", () => {
  expect(visibleText("a\tb\r\nc\u001b[31md\u0000\u009b")).toBe("a\\tb\\r\\nc\\u001b[31md\\u0000\\u009b");
  expect(visibleText("\u202eevil\u2066\u2028")).toBe("\\u202eevil\\u2066\\u2028");
  expect(visibleText("\ud800!")).toBe("\\ud800!");
});

test("every other character stays, joiners of emoji too", () => {
  for (const text of ["plain", "漢字 e\u0301", "👨‍👩‍👧‍👦 ❄️ 🇩🇪", "שלום"]) expect(visibleText(text)).toBe(text);
});
