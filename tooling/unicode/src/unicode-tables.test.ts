import { expect, test } from "@jest/globals";
import { readProperty, readUnicodeData } from "./unicode-data.js";
import { foldSign, rangeNumbers, writeNumbers } from "./write-numbers.js";

test("a line is a character, two lines for first and last are a block", () => {
  const text = `00C5;LATIN CAPITAL LETTER A WITH RING ABOVE;Lu;0;L;0041 030A;;;;N;;;;00E5;
FB01;LATIN SMALL LIGATURE FI;Ll;0;L;<compat> 0066 0069;;;;N;;;;;
E000;<Private Use, First>;Co;0;L;;;;;N;;;;;
E002;<Private Use, Last>;Co;0;L;;;;;N;;;;;
`;
  const [ring, ligature, ...block] = readUnicodeData(text);
  expect(ring).toEqual({
    codePoint: 0xc5,
    category: "Lu",
    combiningClass: 0,
    decomposition: [0x41, 0x30a],
    lowerCase: 0xe5,
  });
  expect(ligature).toMatchObject({ decomposition: undefined, lowerCase: undefined });
  expect(block.map(({ codePoint, category }) => [codePoint, category])).toEqual([
    [0xe000, "Co"],
    [0xe001, "Co"],
    [0xe002, "Co"],
  ]);
});

test("a property is read from its lines alone", () => {
  const text =
    "# Cased\n0041..0043    ; Cased # L&  [3] A..C\n00AA          ; Cased # Lo\n00AD ; Case_Ignorable # Cf\n";
  expect(readProperty(text, "Cased")).toEqual([0x41, 0x42, 0x43, 0xaa]);
});

test("numbers become five bits a character, ranges the gap before them and how many follow", () => {
  expect(writeNumbers([0, 1, 31, 32])).toBe("?@^_@");
  expect(() => writeNumbers([-1])).toThrow(RangeError);
  expect([0, -1, 1, -2, 2].map(foldSign)).toEqual([0, 1, 2, 3, 4]);
  expect(rangeNumbers([1, 2, 6])).toEqual([1, 1, 3, 0]);
});
