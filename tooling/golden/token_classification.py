"""What Hugging Face's TokenClassificationPipeline answers to random logits, for every aggregation strategy.

Writes packages/heads/src/fixtures/recorded-entities.json, which `npx biome check --write` then lays out; or as many cases
as you say to a file that you name: `python tooling/golden/token_classification.py [cases] [path]`. Needs transformers
and torch.
"""

import json
import random
import sys
import tempfile
from pathlib import Path

import torch
from transformers import BertConfig, BertForTokenClassification, BertTokenizerFast, TokenClassificationPipeline
from transformers.modeling_outputs import TokenClassifierOutput

FIXTURE = Path(__file__).resolve().parents[2] / "packages/heads/src/fixtures/recorded-entities.json"
STRATEGIES = ["none", "simple", "first", "average", "max"]
VOCABULARY = "[PAD] [UNK] [CLS] [SEP] [MASK] ann ber ##lin ##er new york un ##ited ' s , . 世 界 e ##a".split()
# 😀 is no word of the vocabulary and two UTF-16 units; É loses its accent and keeps its length.
PIECES = ["Ann", "Berlin", "berliner", "New", "York", "united", "ann's", "ber,lin", "世界", "😀", "Éa", "unber", "qq", "."]
LABELS = [
    ["O", "B-PER", "I-PER", "B-LOC", "I-LOC"],
    ["I-LOC", "O", "I-PER"],
    ["NOUN", "VERB", "O", "DET"],
]


def made_pipeline(labels: list[str], folder: Path) -> TokenClassificationPipeline:
    config = BertConfig(
        vocab_size=len(VOCABULARY),
        hidden_size=8,
        num_hidden_layers=1,
        num_attention_heads=1,
        intermediate_size=8,
        id2label=dict(enumerate(labels)),
        label2id={label: index for index, label in enumerate(labels)},
    )
    tokenizer = BertTokenizerFast(vocab=str(folder / "vocab.txt"), do_lower_case=True)
    return TokenClassificationPipeline(model=BertForTokenClassification(config), tokenizer=tokenizer, device="cpu")


def units(text: str, at: int) -> int:
    return len(text[:at].encode("utf-16-le")) // 2


def random_case(source: random.Random, pipe: TokenClassificationPipeline, labels: list[str]) -> dict:
    text = " ".join(source.choices(PIECES, k=source.randint(1, 5)))
    encoded = pipe.tokenizer(text, return_offsets_mapping=True)
    # Fine enough that no two labels of a word have the same average, which rounding would decide.
    logits = [[round(source.uniform(-2, 2), 2) for _ in labels] for _ in encoded["input_ids"]]
    pipe.model.forward = lambda **_: TokenClassifierOutput(logits=torch.tensor([logits]))
    entities = {}
    for strategy in STRATEGIES:
        entities[strategy] = [
            [
                found["entity"] if strategy == "none" else found["entity_group"],
                round(float(found["score"]), 6),
                units(text, found["start"]),
                units(text, found["end"]),
            ]
            for found in pipe(text, aggregation_strategy=strategy)
        ]
    return {
        "text": text,
        "tokens": pipe.tokenizer.convert_ids_to_tokens(encoded["input_ids"]),
        "ranges": [[units(text, start), units(text, end)] for start, end in encoded["offset_mapping"]],
        "labels": labels,
        "logits": logits,
        "entities": entities,
    }


def main(count: int = 50, path: Path = FIXTURE) -> None:
    source = random.Random(21)
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "vocab.txt").write_text("\n".join(VOCABULARY) + "\n", encoding="utf-8")
        pipelines = [(made_pipeline(labels, Path(folder)), labels) for labels in LABELS]
        cases = [random_case(source, *source.choice(pipelines)) for _ in range(count)]
    text = json.dumps({"vocabulary": VOCABULARY, "cases": cases}, ensure_ascii=False)
    path.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(*[kind(argument) for kind, argument in zip((int, Path), sys.argv[1:])])
