"""Asks Hugging Face's tokenizers about every code point and writes the tables that the parts of a tokenizer.json need.

Their library takes its Unicode from several crates of different ages, so the tables are what it answers, not what one
version of the standard says. The numbers are packed as tooling/unicode packs them (src/unicode/read-numbers.ts reads
them). Needs tokenizers 0.23.3 and node, whose Unicode must be the newest that tables are to be held against.
"""

import json
import subprocess
from pathlib import Path

from tokenizers import normalizers, pre_tokenizers

SOURCE = Path(__file__).resolve().parents[2] / "packages/tokenizer/src"
CODE_POINTS = [point for point in range(0x110000) if not 0xD800 <= point <= 0xDFFF]
HEAD = "// Made by tooling/golden/tokenizer_unicode.py.\n// biome-ignore-all format: a table stays on its lines\n"


def marks():
    strip = normalizers.StripAccents()
    return [point for point in CODE_POINTS if strip.normalize_str(chr(point)) == ""]


def numerics():
    digits = pre_tokenizers.Digits(individual_digits=True)
    return [point for point in CODE_POINTS if len(digits.pre_tokenize_str("a" + chr(point))) == 2]


def word_characters():
    whitespace = pre_tokenizers.Whitespace()
    joined = lambda point: whitespace.pre_tokenize_str("a" + chr(point))
    return [point for point in CODE_POINTS if [word for word, _ in joined(point)] == ["a" + chr(point)]]


def kept_by_compatibility():
    """What the engine's NFKD takes apart, and the library does not."""
    form = normalizers.NFKD()
    program = (
        "const found=[];for(let p=0;p<0x110000;p++){const c=String.fromCodePoint(p);"
        "if(c.normalize('NFKD')!==c)found.push(p)}console.log(JSON.stringify(found))"
    )
    answer = subprocess.run(["node", "-e", program], capture_output=True, text=True, check=True).stdout
    return [point for point in json.loads(answer) if form.normalize_str(chr(point)) == chr(point)]


def ranges(points):
    found = []
    for point in points:
        if found and found[-1][1] == point - 1:
            found[-1][1] = point
        else:
            found.append([point, point])
    return found


def packed(points):
    text = ""
    end = 0
    for first, last in ranges(points):
        for number in (first - end, last - first):
            while number > 31:
                text += chr(63 + 32 + (number & 31))
                number >>= 5
            text += chr(63 + number)
        end = last + 1
    return text


def table(name, sentence, points):
    text = packed(points).replace("\\", "\\\\")
    lines = []
    while text:
        cut = 110
        while len(text) > cut and text[cut - 1] == "\\":
            cut -= 1
        lines.append(f'  "{text[:cut]}"')
        text = text[cut:]
    return f"\n/** {sentence} */\nexport const {name} =\n" + " +\n".join(lines) + ";\n"


def write(path, *tables):
    (SOURCE / path).write_text(HEAD + "".join(tables), encoding="utf-8")


write(
    "normalizers/unicode-tables.ts",
    table("mark9", "Mn, Mc and Me of Unicode 9.0.", marks()),
    table("compatibilityAfter9", "What NFKD takes apart in Unicode 17.0 and not in 9.0.", kept_by_compatibility()),
)
write(
    "pre-tokenizers/unicode-tables.ts",
    table("word16", "Alphabetic, M, Nd, Pc and Join_Control of Unicode 16.0.", word_characters()),
    table("numeric17", "Nd, Nl and No of Unicode 17.0.", numerics()),
)
