"""What transformers' TokenClassificationPipeline answers with tiny models of ours, and what it would to longer texts.

Writes packages/bertkit/src/fixtures/recorded-tagging.json: the models as options of `writeTinyModel`, and for each of
them texts and entities, computed in double precision from the float32 weights. Words that were split beforehand are
joined as they were given, and texts beyond the model's positions read in windows, each token scored by the one in which
it has most context: both are written out here, for the pipeline guesses words from lengths and cuts texts, or with
`stride` joins entities of several windows. Needs what pipelines.py needs: `python tooling/golden/tagging.py`; the result
names the versions that made it.
"""

import json
import tempfile
from itertools import groupby
from pathlib import Path

import numpy as np
import torch
import transformers
from pipelines import ROOT, opened, written
from transformers import TokenClassificationPipeline
from transformers.pipelines.token_classification import AggregationStrategy

OUTPUT = ROOT / "packages/bertkit/src/fixtures/recorded-tagging.json"
STRATEGIES = ["none", "simple", "first", "average", "max"]

MODELS = {
    "names": {"head": "BertForTokenClassification", "labels": ["O", "B-PER", "I-PER", "B-LOC", "I-LOC"]},
    "speech": {"head": "BertForTokenClassification", "labels": ["NOUN", "VERB", "O"]},
}

TEXTS = [
    "A lovely library.",
    "the cat, the dog & the BIRD's bookseller!",
    "",
    "  Élodie, Zoë and naïve Señor Müller read 😀 books\tin São Paulo",
    "👩‍🔬 sings; 👍🏽 the moon 🌙🌙 is (red)",
    "水 and 火: Río ☂ 中文 readers",
    "qqqqqq unreadable nightingales x1y2z3",
]
# The pipeline takes "e" for a piece of a word where it came from two characters; that only matters to words.
DECOMPOSED = "Ve\u0301ronique's cafe\u0301 😀 Zoe\u0308"
WORDS = [
    ["Ann", "Brown", "reads", "in", "New-York", ",", "l'été", "."],
    ["😀", "U.N.", "São", "Paulo", "👩‍🔬", "bookseller(s)"],
    ["水", "中文字", "x"],
]
LONG = "😀 the old library of Élodie is good: she reads, sings and sleeps in the green city by the sea. " * 4
# Tokens of a window at most, and how many tokens later the next begins.
WINDOWS = [[64, 47], [16, 5], [9, 20], [3, 1]]


def main() -> None:
    with tempfile.TemporaryDirectory() as temporary:
        pipelines = {
            name: opened("token-classification", written(Path(temporary) / name, options))
            for name, options in MODELS.items()
        }
        recorded = {
            "versions": {"transformers": transformers.__version__, "torch": torch.__version__},
            "models": MODELS,
            "texts": [tagged(name, pipe, text) for name, pipe in pipelines.items() for text in TEXTS],
            "decomposed": [tagged(name, pipe, DECOMPOSED, STRATEGIES[:2]) for name, pipe in pipelines.items()],
            "words": [words_tagged(name, pipe, words) for name, pipe in pipelines.items() for words in WORDS],
            "long": [read_in_windows("names", pipelines["names"], *window) for window in WINDOWS],
        }
    parts = []
    for name, value in recorded.items():
        rows = value if isinstance(value, list) else [value]
        lines = ",\n".join(json.dumps(row, ensure_ascii=False, separators=(",", ":")) for row in rows)
        parts.append(f'"{name}": ' + (f"[\n{lines}\n]" if isinstance(value, list) else lines))
    OUTPUT.write_text("{\n" + ",\n".join(parts) + "\n}\n", encoding="utf-8")


def tagged(name: str, pipe: TokenClassificationPipeline, text: str, strategies: list[str] = STRATEGIES) -> dict:
    entities = {strategy: rows_of(text, pipe(text, aggregation_strategy=strategy)) for strategy in strategies}
    return {"model": name, "text": text, "entities": entities}


def words_tagged(name: str, pipe: TokenClassificationPipeline, words: list[str]) -> dict:
    text = " ".join(words)
    entities = {
        strategy: rows_of(text, pipe(words, is_split_into_words=True, aggregation_strategy=strategy)[0])
        for strategy in ("none", "simple")
    }
    encoded = pipe.tokenizer(words, is_split_into_words=True)
    # Tokens with their labels, none left out, of the words they belong to.
    tokens = pipe(words, is_split_into_words=True, aggregation_strategy="none", ignore_labels=[])[0]
    scores = probabilities(pipe, encoded["input_ids"])
    of_words = [
        [{**token, "scores": scores[token["index"]]} for token in group]
        for _, group in groupby(tokens, lambda token: encoded.word_ids()[token["index"]])
    ]
    for strategy in ("first", "average", "max"):
        grouped = pipe.group_entities([pipe.aggregate_word(word, AggregationStrategy(strategy)) for word in of_words])
        entities[strategy] = rows_of(text, [found for found in grouped if found["entity_group"] != "O"])
    labels = [[word[0]["entity"], rounded(word[0]["score"])] for word in of_words]
    return {"model": name, "words": words, "labels": labels, "entities": entities}


def read_in_windows(name: str, pipe: TokenClassificationPipeline, max_length: int, stride: int) -> dict:
    encoded = pipe.tokenizer(LONG, return_offsets_mapping=True, add_special_tokens=False, truncation=False)
    ids, room = encoded["input_ids"], max_length - 2
    windows = []
    for first in range(0, len(ids), min(room, stride)):
        piece = ids[first : first + room]
        windows.append((first, len(piece), probabilities(pipe, [special(pipe, "cls"), *piece, special(pipe, "sep")])))
        if first + len(piece) == len(ids):
            break
    scores = []
    for token in range(len(ids)):
        holders = [window for window in windows if window[0] <= token < window[0] + window[1]]
        first, _, found = max(
            holders, key=lambda window: min(token - window[0], window[0] + window[1] - 1 - token) + 0.01 * window[1]
        )
        scores.append(found[token - first + 1])
    entities = {}
    for strategy in ("simple", "average"):
        tokens = pipe.gather_pre_entities(
            LONG, ids, scores, encoded["offset_mapping"], [0] * len(ids), AggregationStrategy(strategy)
        )
        grouped = pipe.aggregate(tokens, AggregationStrategy(strategy))
        entities[strategy] = rows_of(LONG, [found for found in grouped if found["entity_group"] != "O"])
    return {"model": name, "text": LONG, "maxLength": max_length, "stride": stride, "entities": entities}


def special(pipe: TokenClassificationPipeline, token: str) -> int:
    return getattr(pipe.tokenizer, f"{token}_token_id")


def probabilities(pipe: TokenClassificationPipeline, ids: list[int]) -> np.ndarray:
    with torch.no_grad():
        return pipe.model(input_ids=torch.tensor([ids])).logits[0].softmax(-1).numpy()


def rows_of(text: str, found: list[dict]) -> list[list]:
    return [
        [
            entity.get("entity_group", entity.get("entity")),
            rounded(entity["score"]),
            units(text, entity["start"]),
            units(text, entity["end"]),
        ]
        for entity in found
    ]


def units(text: str, at: int) -> int:
    """Where the character of that number begins in UTF-16."""
    return len(text[:at].encode("utf-16-le")) // 2


def rounded(score: object) -> float:
    return round(float(score), 6)


if __name__ == "__main__":
    main()
