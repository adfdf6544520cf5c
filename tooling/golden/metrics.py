"""What official scripts and well-known libraries score on random cases: packages/metrics/src/fixtures/recorded.json.

The README beside this file says what to install and which scripts to download.
"""

import argparse
import importlib.util
import json
import math
import random
import sys
import warnings
from importlib.metadata import version
from pathlib import Path
from types import ModuleType

import numpy as np
import pytrec_eval
import seqeval.metrics
import seqeval.scheme
from scipy import stats
from sklearn import metrics

RECORDED = Path(__file__).resolve().parents[2] / "packages/metrics/src/fixtures/recorded.json"

# Few words, so that answers overlap, and what Python's text functions treat in their own way: articles beside letters,
# marks and numbers of other scripts, white space that JavaScript does not count, a final sigma, ideographs.
ENGLISH = ["The", "a", "an", "cat", "Cat's", "théa", "a\u0301", "the२", "ΣΟΦΟΣ", "İx", "U.S.", "$5", "«ox»", "ox_a", "the—ox"]
GAPS = [" ", "  ", "\u00a0", "\u3000", "\u001d", "\u0085", "\ufeff", "-", "\u200b"]
BY_LANGUAGE = {
    "ar": ["القط", "قط", "ال", "بيت،", "الـ"],
    "de": ["Der", "Hund", "eines", "einer", "Dänemark", "„Hund“"],
    "en": ENGLISH,
    "es": ["El", "gato", "unos", "los", "¿gato?", "niño"],
    "hi": ["बिल्ली", "घर।", "का", "घर"],
    "vi": ["Của", "mèo", "là", "nhà", "những", "la\u0300"],
    "zh": ["中國", "猫", "1949年", "NBA", "《水滸》", "，", "㐀", "\U00020000", "A b"],
}
TAG_TYPES = ["PER", "LOC", "B-x", ""]
LENIENT_PREFIXES = "BIESO"
SCHEMES = {"IOB1": "IOB", "IOB2": "IOB", "IOE1": "IOE", "IOE2": "IOE", "IOBES": "IOBES", "BILOU": "BILOU"}
DOCUMENTS = [*(f"d{i}" for i in range(12)), "é", "\uff00", "\U0001f600"]
CUTOFFS = [1, 3, 10]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("squad1", help="SQuAD's evaluate-v1.1.py")
    parser.add_argument("squad2", help="SQuAD's evaluate-v2.0.py")
    parser.add_argument("mlqa", help="MLQA's mlqa_evaluation_v1.py")
    arguments = parser.parse_args()
    if sys.version_info >= (3, 12):
        parser.error("from Python 3.12 on `sum` rounds less than it did for published scores; use 3.11")
    warnings.simplefilter("ignore")
    squad1, squad2, mlqa = (load(Path(path)) for path in (arguments.squad1, arguments.squad2, arguments.mlqa))
    libraries = ["numpy", "pytrec-eval-terrier", "scikit-learn", "scipy", "seqeval"]
    recorded = {
        "versions": {name: version(name) for name in libraries},
        "squad1": [squad1_case(random.Random(seed), squad1) for seed in range(30)],
        "squad2": [squad2_case(random.Random(seed), squad2) for seed in range(40)],
        "mlqa": [mlqa_case(random.Random(seed), mlqa, language) for language in BY_LANGUAGE for seed in range(4)],
        "labels": [labels_case(random.Random(seed)) for seed in range(40)],
        "correlations": [correlation_case(random.Random(seed)) for seed in range(30)],
        "entities": [entities_case(random.Random(seed), scheme) for scheme in [None, *SCHEMES] for seed in range(8)],
        "retrieval": [retrieval_case(random.Random(seed)) for seed in range(20)],
    }
    RECORDED.parent.mkdir(parents=True, exist_ok=True)
    RECORDED.write_text(json.dumps(recorded, allow_nan=False), encoding="utf-8")


def load(script: Path) -> ModuleType:
    specification = importlib.util.spec_from_file_location(script.stem.replace("-", "_").replace(".", "_"), script)
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


def answer(draw: random.Random, words: list[str]) -> str:
    return "".join(draw.choice(words) + draw.choice(GAPS) for _ in range(draw.randint(1, 4)))


def questions_and_predictions(draw: random.Random, words: list[str], impossible: float) -> tuple[dict, dict]:
    questions, predictions = {}, {}
    for name in range(draw.randint(1, 4)):
        golds = [answer(draw, words) for _ in range(draw.randint(1, 2))]
        questions[f"q{name}"] = [] if draw.random() < impossible else golds
        # Part of a gold answer, another answer, or none.
        predictions[f"q{name}"] = draw.choice([golds[0], golds[-1][: draw.randint(1, 8)], answer(draw, words), ""])
    return questions, predictions


def squad_file(questions: dict) -> list[dict]:
    asked = [{"id": name, "answers": [{"text": text} for text in golds]} for name, golds in questions.items()]
    return [{"paragraphs": [{"qas": asked}]}]


def squad1_case(draw: random.Random, script: ModuleType) -> dict:
    questions, predictions = questions_and_predictions(draw, ENGLISH, impossible=0)
    if draw.random() < 0.3:
        del predictions["q0"]
    expected = script.evaluate(squad_file(questions), predictions)
    return {"questions": questions, "predictions": predictions, "expected": expected}


def mlqa_case(draw: random.Random, script: ModuleType, language: str) -> dict:
    questions, predictions = questions_and_predictions(draw, BY_LANGUAGE[language], impossible=0)
    expected = script.evaluate(squad_file(questions), predictions, language)
    return {"language": language, "questions": questions, "predictions": predictions, "expected": expected}


def squad2_case(draw: random.Random, script: ModuleType) -> dict:
    """What the script's `main` does, but with values instead of files."""
    questions, predictions = questions_and_predictions(draw, ENGLISH, impossible=0.4)
    data = squad_file(questions)
    # Few values, so that some are equal; in another order than the questions.
    odds = {name: draw.choice([-1.5, 0.0, 0.25, 0.5, 3.0]) for name in draw.sample(list(questions), len(questions))}
    threshold = draw.choice([1.0, 0.25, 0.0, -1.0])
    has_answer = script.make_qid_to_has_ans(data)
    raw_exact, raw_f1 = script.get_raw_scores(data, predictions)
    exact = script.apply_no_ans_threshold(raw_exact, odds, has_answer, threshold)
    f1 = script.apply_no_ans_threshold(raw_f1, odds, has_answer, threshold)
    expected = script.make_eval_dict(exact, f1)
    for prefix, wanted in [("HasAns", True), ("NoAns", False)]:
        names = [name for name, has in has_answer.items() if has == wanted]
        if names:
            script.merge_eval(expected, script.make_eval_dict(exact, f1, qid_list=names), prefix)
    script.find_all_best_thresh(expected, predictions, raw_exact, raw_f1, odds, has_answer)
    answered = sorted((name for name in odds if has_answer[name]), key=odds.get)
    return {
        "questions": questions,
        "predictions": predictions,
        "nullOdds": odds,
        "threshold": threshold,
        "expected": expected,
        # What transformers' squad_metrics calls has_ans_exact and has_ans_f1; the official script has no such scores.
        "hasAnswer": [sum(raw[name] for name in answered) / len(answered) for raw in (raw_exact, raw_f1) if answered],
    }


def labels_case(draw: random.Random) -> dict:
    labels = draw.choice([[0, 1], [0, 1, 2], [1, 3, 10, 2], ["yes", "no", "é"], [1]])
    count = draw.randint(1, 20)
    gold = draw.choices(labels, k=count)
    predicted = [label if draw.random() < 0.4 else draw.choice(labels) for label in gold]
    zero_division = draw.choice([0, 1])
    scores = [
        metrics.precision_recall_fscore_support(gold, predicted, average=average, zero_division=zero_division)[:3]
        for average in ["micro", "macro", "weighted"]
    ]
    each = metrics.precision_recall_fscore_support(gold, predicted, average=None, zero_division=zero_division)
    positive = labels[-1]
    return {
        "gold": gold,
        "predicted": predicted,
        "zeroDivision": zero_division,
        "positive": positive,
        "expected": {
            "accuracy": metrics.accuracy_score(gold, predicted),
            "averages": scores,
            "labels": np.transpose(each).tolist(),
            "binaryF1": metrics.f1_score(gold, predicted, labels=[positive], average="macro", zero_division=0),
            "matthews": metrics.matthews_corrcoef(gold, predicted),
        },
    }


def correlation_case(draw: random.Random) -> dict:
    count = draw.randint(2, 20)
    kind = draw.choice(["smooth", "tied", "far from 0", "constant"])
    gold = [draw.choice([0, 1.5, 2, 4.75, 5]) if kind == "tied" else round(draw.gauss(0, 1), 3) for _ in range(count)]
    predicted = [round(0.5 * value + draw.gauss(0, 1), 1 if kind == "tied" else 3) for value in gold]
    if kind == "far from 0":
        predicted = [value + 1000 for value in predicted]
    if kind == "constant":
        predicted = [0.1] * count
    found = [finite(correlation(gold, predicted)[0]) for correlation in (stats.pearsonr, stats.spearmanr)]
    return {"gold": gold, "predicted": predicted, "expected": found}


def entities_case(draw: random.Random, scheme: str | None) -> dict:
    prefixes = SCHEMES[scheme] if scheme else LENIENT_PREFIXES
    gold = [[tag(draw, prefixes) for _ in range(draw.randint(1, 6))] for _ in range(draw.randint(1, 4))]
    predicted = [[t if draw.random() < 0.7 else tag(draw, prefixes) for t in sentence] for sentence in gold]
    if draw.random() < 0.15:
        predicted = [["O"] * len(sentence) for sentence in gold]
    zero_division = draw.choice([0, 1])
    options = {"zero_division": zero_division, "output_dict": True}
    if scheme:
        options |= {"mode": "strict", "scheme": getattr(seqeval.scheme, scheme)}
    report = seqeval.metrics.classification_report(gold, predicted, **options)
    rows = {name: [finite(value) for value in row.values()] for name, row in report.items()}
    return {
        "scheme": scheme,
        "gold": [" ".join(sentence) for sentence in gold],
        "predicted": [" ".join(sentence) for sentence in predicted],
        "zeroDivision": zero_division,
        "expected": rows,
    }


def tag(draw: random.Random, prefixes: str) -> str:
    prefix = draw.choice(prefixes)
    kind = draw.choice(TAG_TYPES)
    return prefix if prefix == "O" or kind == "" else f"{prefix}-{kind}"


def retrieval_case(draw: random.Random) -> dict:
    names = [f"q{i}" for i in range(draw.randint(1, 3))]
    judgements = {name: documents(draw, [-1, 0, 1, 1, 2, 3]) for name in names}
    # Equal scores, and scores that are equal as float32 only.
    run = {name: documents(draw, [0.5, 0.25, 0.25, 0.25000000001, 0.75, -1.0]) for name in [*names[1:], "q0", "other"]}
    if draw.random() < 0.3:
        run["q0"] = {}
    measures = {f"{name}.{','.join(map(str, CUTOFFS))}" for name in ("ndcg_cut", "map_cut", "recall", "P")}
    found = pytrec_eval.RelevanceEvaluator(judgements, measures | {"recip_rank"}).evaluate(run)
    means = {
        cutoff: {
            "ndcg": mean(query[f"ndcg_cut_{cutoff}"] for query in found.values()),
            "mrr": mean(cut_reciprocal(query["recip_rank"], cutoff) for query in found.values()),
            "map": mean(query[f"map_cut_{cutoff}"] for query in found.values()),
            "recall": mean(query[f"recall_{cutoff}"] for query in found.values()),
            "precision": mean(query[f"P_{cutoff}"] for query in found.values()),
        }
        for cutoff in CUTOFFS
    }
    return {"judgements": judgements, "run": run, "expected": means}


def documents(draw: random.Random, values: list[float]) -> dict:
    return {name: draw.choice(values) for name in draw.sample(DOCUMENTS, draw.randint(1, 8))}


def finite(value: float) -> float | None:
    """A number that JSON can hold; NaN, the score of what has none, becomes null."""
    return None if math.isnan(value) else float(value)


def mean(values) -> float:
    return float(np.mean(list(values)))


def cut_reciprocal(reciprocal: float, cutoff: int) -> float:
    """trec_eval's recip_rank knows no cutoff."""
    return reciprocal if reciprocal * (cutoff + 0.5) > 1 else 0.0


if __name__ == "__main__":
    main()
