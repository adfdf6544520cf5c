"""What transformers' pipelines and sentence-transformers' CrossEncoder answer with tiny models of ours.

Writes packages/bertkit/src/fixtures/recorded-pipelines.json: the models as options of `writeTinyModel`, and for each of
them inputs and answers, computed in double precision from the float32 weights. The models themselves are written by
tooling/fixtures with `node`, after a build. Needs transformers 5 and sentence-transformers 6:
`python tooling/golden/pipelines.py`; the result names the versions that made it.
"""

import json
import os
import subprocess
import tempfile
from pathlib import Path

os.environ["HF_HUB_OFFLINE"] = "1"

import sentence_transformers
import torch
import transformers
from safetensors.torch import load_file, save_file
from sentence_transformers import CrossEncoder
from transformers import AutoTokenizer, pipeline

ROOT = Path(__file__).resolve().parents[2]
OUTPUT = ROOT / "packages/bertkit/src/fixtures/recorded-pipelines.json"

MODELS = {
    "pretrained": {"head": "BertForPreTraining"},
    "masked": {"head": "BertForMaskedLM"},
    "next": {"head": "BertForNextSentencePrediction"},
    "sentiment": {"head": "BertForSequenceClassification", "labels": ["negative", "positive"]},
    "entailment": {"head": "BertForSequenceClassification", "labels": ["entailment", "neutral", "contradiction"]},
    "topics": {
        "head": "BertForSequenceClassification",
        "labels": ["sports", "politics", "science"],
        "problem": "multi_label_classification",
    },
    "oneLabel": {"head": "BertForSequenceClassification", "labels": ["spam"]},
    "score": {"head": "BertForSequenceClassification", "labels": ["score"], "problem": "regression"},
    "ratings": {"head": "BertForSequenceClassification", "labels": ["plot", "sound"], "problem": "regression"},
}

LONG = "the old library of the green city is good and " * 12  # far beyond the 64 positions
TEXTS = ["A lovely library.", "the cat, the dog & the BIRD!", "", "Río, naïve: ☂ 水", LONG]
PAIRS = [
    ["It rained all night.", "The streets were wet."],
    ["a question?", " "],  # alone, transformers takes "" for no second text; in a list, as sentence-transformers, for one
    ["the red house", LONG],
    [LONG, "the red house"],
    [LONG, f"not {LONG}"],
]
MASKED_TEXTS = [
    "The capital of France is [MASK].",
    "[MASK]",
    "He is a [MASK] [MASK] of the city, [MASK] not?",
    "a[MASK]b the un[MASK]",
    "the cat [MASK] on the mat. " + LONG,
]
TARGETS = ["cat", "dog", "##ing", "library", "q"]
QUERY = "who reads in the library?"
PASSAGES = ["A bird!", "The old cat reads a book.", "", "books, books, books", "the library is little", LONG]


def main() -> None:
    with tempfile.TemporaryDirectory() as temporary:
        folders = {name: written(Path(temporary) / name, options) for name, options in MODELS.items()}
        recorded = {
            "versions": {
                "sentence_transformers": sentence_transformers.__version__,
                "transformers": transformers.__version__,
                "torch": torch.__version__,
            },
            "models": MODELS,
            "fill": [filled(name, folders[name]) for name in ("pretrained", "masked")],
            "fillUntied": filled("masked", untied(folders["masked"])),
            "next": [followed(name, folders[name]) for name in ("pretrained", "next")],
            "classify": [
                classified(name, folders[name])
                for name in ("sentiment", "entailment", "topics", "oneLabel", "score", "ratings")
            ],
            "rank": [ranked(name, folders[name]) for name in ("oneLabel",)],
        }
    lines = [f"{json.dumps(name)}: {json.dumps(value, ensure_ascii=False)}" for name, value in recorded.items()]
    OUTPUT.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


def written(folder: Path, options: dict) -> Path:
    command = ["node", "tooling/fixtures/bin/write-tiny-model.js", str(folder), options["head"]]
    if "labels" in options:
        command += ["--labels", ",".join(options["labels"])]
    if "problem" in options:
        command += ["--problem", options["problem"]]
    subprocess.run(command, cwd=ROOT, check=True)
    return folder


def untied(folder: Path) -> Path:
    """The same model with an output table of its own: that of the words upside down."""
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps({**config, "tie_word_embeddings": False}))
    arrays = load_file(folder / "model.safetensors")
    arrays["cls.predictions.decoder.weight"] = arrays["bert.embeddings.word_embeddings.weight"].flip(0)
    arrays["cls.predictions.decoder.bias"] = arrays["cls.predictions.bias"].clone()
    save_file(arrays, folder / "model.safetensors", {"format": "pt"})
    return folder


def opened(task: str, folder: Path) -> transformers.Pipeline:
    return pipeline(task, model=str(folder), device="cpu", dtype=torch.float64)


def filled(name: str, folder: Path) -> dict:
    fill = opened("fill-mask", folder)

    def masks(text: str, **options: object) -> list:
        found = fill(text, tokenizer_kwargs={"truncation": True}, **options)
        of_masks = found if isinstance(found[0], list) else [found]
        return [[{"id": guess["token"], "score": rounded(guess["score"])} for guess in mask] for mask in of_masks]

    return {
        "model": name,
        "texts": MASKED_TEXTS,
        "top": 7,
        "masks": [masks(text, top_k=7) for text in MASKED_TEXTS],
        "targets": TARGETS,
        "amongTargets": [masks(text, targets=TARGETS) for text in MASKED_TEXTS],
    }


def followed(name: str, folder: Path) -> dict:
    model = transformers.BertForNextSentencePrediction.from_pretrained(folder, dtype=torch.float64).eval()
    tokenizer = AutoTokenizer.from_pretrained(folder)
    scores = []
    for first, second in PAIRS:
        with torch.no_grad():
            logits = model(**tokenizer(first, second, truncation=True, return_tensors="pt")).logits
        scores.append(rounded(logits.softmax(-1)[0, 0]))  # label 0: the second does follow
    return {"model": name, "pairs": PAIRS, "scores": scores}


def classified(name: str, folder: Path) -> dict:
    classify = opened("text-classification", folder)
    inputs = [*TEXTS, *PAIRS]
    given = [{"text": text} if isinstance(text, str) else {"text": text[0], "text_pair": text[1]} for text in inputs]
    answers = [classify(text, top_k=None, truncation=True) for text in given]
    scores = [[{"label": found["label"], "score": rounded(found["score"])} for found in answer] for answer in answers]
    return {"model": name, "inputs": inputs, "scores": scores}


def ranked(name: str, folder: Path) -> dict:
    model = CrossEncoder(str(folder), device="cpu").double()
    ranking = model.rank(QUERY, PASSAGES)
    return {
        "model": name,
        "pairs": PAIRS,
        "scores": [rounded(score) for score in model.predict(PAIRS)],
        "query": QUERY,
        "passages": PASSAGES,
        "ranking": [{"index": found["corpus_id"], "score": rounded(found["score"])} for found in ranking],
    }


def rounded(value: object) -> float:
    """To nine decimals: finer than float32 is near 1."""
    return round(float(value), 9)


if __name__ == "__main__":
    main()
