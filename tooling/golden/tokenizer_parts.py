"""Writes what Hugging Face's tokenizers make of texts with random pipelines of every part that a tokenizer.json can hold.

Each case is a normalizer, a pre-tokenizer, added tokens, a post-processor and a decoder put together at random, and what
`encode` answers for some texts: ids, type ids, ranges in UTF-16 units, word numbers (-1 for none), each list as one string,
which keeps the file small. One vocabulary serves all; its first tokens are the special ones of every case. Regular
expressions and normalisation forms meet texts made for them. Needs tokenizers 0.23.3.

    python tooling/golden/tokenizer_parts.py [cases] [seed] [path]
"""

import json
import random
import sys
from pathlib import Path

import tokenizers
from tokenizers import Tokenizer

FIXTURES = Path(__file__).resolve().parents[2] / "packages/tokenizer/src/fixtures"
SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
LETTERS = list("abcdefghijklmnopqrstuvwxyzABCXYZ0123456789") + list("éÉñßσςΣäöü世界가각한글ᄀ１²½ﬁ")
MARKS = ["\u0301", "\u0308", "\u0323", "\u0327", "\u093c", "\u3099", "\u302e"]
SIGNS = list("-_.,!?'\"#@$+()[]/\\^ ") + ["\u2028", "…", "。", "\u00a0", "▁"]
PIECES = ["the", "th", "ab", "##ab", "##c", "12", "##12", "'s", "##'s", "##--", "ka", "##か"]
VOCABULARY = list(
    dict.fromkeys(SPECIAL + LETTERS + MARKS + SIGNS + ["##" + sign for sign in LETTERS + MARKS + SIGNS] + PIECES)
)
WORDS = [
    "the", "The", "THE", "abc", "Ab12c", "1234", "don't", "x--y", "foo_bar", "[MASK]", "new", "New", "renew", "世界",
    "e\u0301", "é", "É", "e\u0323\u0301", "e\u0301\u0323", "가", "\u1100\u1161\u11a8", "각", "ﬁne", "１２", "½", "²",
    "か\u3099", "が", "ｶﾞ", "\u0344", "\u212b", "İ", "ΑΣ", "\u0958", "\u1e9b\u0323", "\U0001d15e", "😀", "e\u20dd",
    "\u0301", "\u0301\u0323", "\u302e", "\U00011938", "a\u0897", "\u1ab0\u0301", "\u2460", "\u3392", "\u0e33",
    "\U000105d2\u0307", "\u0f73", "q\u0307\u0323", "٣", "Ⅳ", "_", "a_b", "\u203f", "\u200d", "\u0600", "\ua7f2",
]
SPACES = [" ", " ", " ", "  ", "\t", "\n", "\u00a0", "\u3000", "\u0085", "\u000b", "\u2028", "", ""]
SIGNS_BETWEEN = ["", "", "", ".", ",", "--", "!?", "…", "。", "$", "'", "\u0000", "\ufffd", "\u200b", "@"]
PATTERNS = [
    {"String": " "}, {"String": "-"}, {"String": "."}, {"String": "ab"}, {"String": "[MASK]"},
    {"Regex": r"\s+"}, {"Regex": r"\d"}, {"Regex": r"\w+"}, {"Regex": r"[^\w\s]"}, {"Regex": r"\p{L}+|\p{N}"},
    {"Regex": r"'s|'t"}, {"Regex": r"[a-c]+"}, {"Regex": r"\b"}, {"Regex": r"^."}, {"Regex": r"$"}, {"Regex": r"e?"},
    {"Regex": r"\p{Han}"}, {"Regex": r"(?<=\d)(?=\D)"}, {"Regex": r"\W{2,}"}, {"Regex": r"(?:a|b)c?"}, {"Regex": r"\A\S"},
    {"Regex": r"\h{2}"}, {"Regex": r"[\s\-\.]"}, {"Regex": r"(?!a)\p{^L}"}, {"Regex": r"\u0301"}, {"Regex": r".$"},
    {"Regex": r"a{,2}b"}, {"Regex": r"\s+\z"}, {"Regex": r" {2,}"}, {"Regex": r"[]a]"}, {"Regex": r"\p{Punct}"},
]
BEHAVIORS = ["Isolated", "Removed", "MergedWithPrevious", "MergedWithNext", "Contiguous"]


def flag(chance):
    return chance.random() < 0.5


def normalizer(chance, depth=0):
    kind = chance.choice(
        ["BertNormalizer", "NFC", "NFD", "NFKC", "NFKD", "Lowercase", "StripAccents", "Strip", "Replace", "Prepend"]
        + ["Sequence"] * (2 if depth < 2 else 0)
    )
    part = {"type": kind}
    if kind == "BertNormalizer":
        part |= {"clean_text": flag(chance), "handle_chinese_chars": flag(chance)}
        part |= {"strip_accents": chance.choice([None, True, False]), "lowercase": flag(chance)}
    elif kind == "Strip":
        part |= {"strip_left": flag(chance), "strip_right": flag(chance)}
    elif kind == "Replace":
        part |= {"pattern": chance.choice(PATTERNS), "content": chance.choice(["", " ", "ab", "é", "--", "😀"])}
    elif kind == "Prepend":
        part |= {"prepend": chance.choice(["▁", "ab ", "the"])}
    elif kind == "Sequence":
        part |= {"normalizers": [normalizer(chance, depth + 1) for _ in range(chance.randint(0, 3))]}
    return part


def pre_tokenizer(chance, depth=0):
    kind = chance.choice(
        ["BertPreTokenizer", "Whitespace", "WhitespaceSplit", "Punctuation", "Digits", "Split", "Split"]
        + ["Sequence"] * (3 if depth < 2 else 0)
    )
    part = {"type": kind}
    if kind == "Punctuation":
        part |= {"behavior": chance.choice(BEHAVIORS)}
    elif kind == "Digits":
        part |= {"individual_digits": flag(chance)}
    elif kind == "Split":
        part |= {"pattern": chance.choice(PATTERNS), "behavior": chance.choice(BEHAVIORS), "invert": flag(chance)}
    elif kind == "Sequence":
        part |= {"pretokenizers": [pre_tokenizer(chance, depth + 1) for _ in range(chance.randint(0, 3))]}
    return part


SPECIAL_TOKENS = [
    {"id": at, "content": content, "special": True, "normalized": False}
    | {"single_word": False, "lstrip": False, "rstrip": False}
    for at, content in enumerate(SPECIAL)
]


def added_tokens(chance):
    """Beside the special ones."""
    tokens = []
    for content in chance.sample(["new", "New", "--", "ab", "é", "世"], chance.choice([0, 0, 1, 2])):
        token = {"id": 0, "content": content, "special": flag(chance), "normalized": flag(chance)}
        tokens.append(token | {name: flag(chance) for name in ("single_word", "lstrip", "rstrip")})
    for token in tokens:
        known = VOCABULARY.index(token["content"]) if token["content"] in VOCABULARY else None
        new = len(VOCABULARY) + sum(earlier["id"] >= len(VOCABULARY) for earlier in tokens)
        token["id"] = new if known is None else known
    return tokens


def post_processor(chance):
    kind = chance.choice([None, "BertProcessing", "TemplateProcessing"])
    if kind == "BertProcessing":
        return {"type": kind, "sep": ["[SEP]", 3], "cls": ["[CLS]", 2]}
    if kind is None:
        return None
    special = lambda name, type_id: {"SpecialToken": {"id": name, "type_id": type_id}}
    sequence = lambda name, type_id: {"Sequence": {"id": name, "type_id": type_id}}
    single = [special("[CLS]", 0), sequence("A", 0), special("[SEP]", 0)]
    pair = single + [special("two", 3), sequence("B", 1), special("[SEP]", 1)]
    tokens = {name: {"id": name, "ids": [VOCABULARY.index(name)], "tokens": [name]} for name in ("[CLS]", "[SEP]")}
    tokens["two"] = {"id": "two", "ids": [4, 3], "tokens": ["[MASK]", "[SEP]"]}
    return {"type": kind, "single": single, "pair": pair, "special_tokens": tokens}


def text(chance):
    made = "".join(
        chance.choice(SPACES) + chance.choice(WORDS) + chance.choice(SIGNS_BETWEEN) for _ in range(chance.randint(0, 5))
    )
    return made + chance.choice(SPACES)


def parts_of(chance):
    return {
        "added_tokens": added_tokens(chance),
        "normalizer": chance.choice([None, normalizer(chance), normalizer(chance), normalizer(chance)]),
        "pre_tokenizer": chance.choice([None] + [pre_tokenizer(chance) for _ in range(7)]),
        "post_processor": post_processor(chance),
        "decoder": chance.choice([None, {"type": "WordPiece", "prefix": "##", "cleanup": flag(chance)}]),
    }


def file_of(parts):
    model = {
        "type": "WordPiece",
        "unk_token": "[UNK]",
        "continuing_subword_prefix": "##",
        "max_input_chars_per_word": 100,
        "vocab": {token: at for at, token in enumerate(VOCABULARY)},
    }
    file = {"version": "1.0", "truncation": None, "padding": None, **parts, "model": model}
    return file | {"added_tokens": SPECIAL_TOKENS + parts["added_tokens"]}


def utf16(value):
    """From a place in code points to one in UTF-16 units."""
    places = [0]
    for character in value:
        places.append(places[-1] + (2 if ord(character) > 0xFFFF else 1))
    return places


def joined(numbers):
    return " ".join(map(str, numbers))


def answer(tokenizer, first, second):
    encoding = tokenizer.encode(first, second)
    places = [utf16(first), utf16(second or "")]
    ranges = [
        [places[sequence or 0][start], places[sequence or 0][end]]
        for (start, end), sequence in zip(encoding.offsets, encoding.sequence_ids)
    ]
    return {
        "texts": [first] if second is None else [first, second],
        "ids": joined(encoding.ids),
        "types": joined(encoding.type_ids),
        "ranges": joined(place for pair in ranges for place in pair),
        "words": joined(-1 if word is None else word for word in encoding.word_ids),
        "decoded": tokenizer.decode(encoding.ids, skip_special_tokens=False),
    }


def case(chance, texts):
    """Another pipeline where the library panics or refuses: not every combination works there."""
    while True:
        parts = parts_of(chance)
        chosen = [(text(chance), text(chance) if chance.random() < 0.2 else None) for _ in range(texts)]
        try:
            tokenizer = Tokenizer.from_str(json.dumps(file_of(parts)))
            return {"parts": json.dumps(parts, ensure_ascii=False), "answers": [answer(tokenizer, first, second) for first, second in chosen]}
        except BaseException as error:  # a panic of Rust is no Exception
            if isinstance(error, KeyboardInterrupt):
                raise


def main(cases=90, seed=7, path=FIXTURES / "recorded-parts.json"):
    chance = random.Random(int(seed))
    recorded = {
        "tokenizers": tokenizers.__version__,
        "vocabulary": "\n".join(VOCABULARY),
        "cases": [case(chance, 3) for _ in range(int(cases))],
    }
    Path(path).parent.mkdir(exist_ok=True)
    Path(path).write_text(json.dumps(recorded) + "\n", encoding="utf-8")


main(*sys.argv[1:])
