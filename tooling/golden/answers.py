"""What a tiny question answering model of ours answers: transformers' logits over windows, decoded as run_squad does.

Writes packages/bertkit/src/fixtures/recorded-answers.json: the model as options of `writeTinyModel`, and questions in
contexts with their answers, computed in double precision from the float32 weights. Windows and n-best lists are made
anew from their description, on ids and ranges of Hugging Face's tokenizer; ranges are in UTF-16 units. The model itself
is written by tooling/fixtures with `node`, after a build. Needs transformers 5: `python tooling/golden/answers.py`; the
result names the versions that made it.
"""

import json
import os
import random
import subprocess
import tempfile
from pathlib import Path

os.environ["HF_HUB_OFFLINE"] = "1"

import torch
import transformers
from question_answering import NO_WINDOW_NULL_SCORE, best_indexes, max_context_window, softmax, window_spans
from transformers import AutoTokenizer, BertForQuestionAnswering

ROOT = Path(__file__).resolve().parents[2]
OUTPUT = ROOT / "packages/bertkit/src/fixtures/recorded-answers.json"
MODEL = {"head": "BertForQuestionAnswering"}
SPECIAL_TOKENS = 3  # [CLS] question [SEP] context [SEP]
SHOWN = 5  # of each n-best list
LEAST_DIFFERENCE = 1e-4  # between answers that follow each other: far above what float32 does to a sum of logits

SENTENCES = [
    "The old library stands by the river.",
    "A red house, and a blue one: who has them?",
    "Río Naïve was read by two people in the city!",
    "🌙 the moon & the sun 🌞 light the sea",
    "They walk, they run;\n they play all day.",
    "東京 is a big city",
    "He said: “love the word”, not the book.",
    "One bird (little) sleeps in a green tree.",
    "In 1843 there were 30 dogs -- and no cat.",
    "unbelievable lovelies re-reading the newest books",
]
QUESTIONS = [
    "Where is the library?",
    "who has the red house",
    "What lights the sea? 🌊",
    "When were there dogs?",
    "Which city is big, and which of all the old and new cities by the sea or by the river is not so big?",
    "",
]
OPTIONS = [
    {"maxLength": 64, "stride": 20, "maxQuestionLength": 16},
    {"maxLength": 40, "stride": 12, "maxQuestionLength": 12, "nBest": 10, "maxAnswerTokens": 6},
    {"maxLength": 64, "stride": 24, "maxQuestionLength": 20, "nullThreshold": 0},
    {"maxLength": 32, "stride": 64, "maxQuestionLength": 8, "nullThreshold": -4, "maxAnswerTokens": 12},
]


def main() -> None:
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "model"
        command = ["node", "tooling/fixtures/bin/write-tiny-model.js", str(folder), MODEL["head"]]
        subprocess.run(command, cwd=ROOT, check=True)
        model = BertForQuestionAnswering.from_pretrained(folder, dtype=torch.float64).eval()
        tokenizer = AutoTokenizer.from_pretrained(folder)
        source = random.Random(6)
        cases = [answered(model, tokenizer, case) for case in random_cases(source)]
    recorded = {
        "versions": {"transformers": transformers.__version__, "torch": torch.__version__},
        "model": MODEL,
        "shown": SHOWN,
    }
    head = json.dumps(recorded, ensure_ascii=False)[1:-1]
    lines = ",\n".join(json.dumps(case, ensure_ascii=False) for case in cases)
    OUTPUT.write_text(f'{{{head}, "cases": [\n{lines}\n]}}\n', encoding="utf-8")


def random_cases(source: random.Random) -> list[dict]:
    cases = [
        {
            "question": source.choice(QUESTIONS),
            "context": " ".join(source.choices(SENTENCES, k=source.randint(1, 9))),
            "options": OPTIONS[i % len(OPTIONS)],
        }
        for i in range(28)
    ]
    wordless = [{"question": QUESTIONS[0], "context": " \n", "options": options} for options in OPTIONS[1:3]]
    return cases + wordless


def answered(model: BertForQuestionAnswering, tokenizer: object, case: dict) -> dict:
    context, options = case["context"], case["options"]
    question = tokenizer(case["question"], add_special_tokens=False)["input_ids"][: options["maxQuestionLength"]]
    read = tokenizer(context, add_special_tokens=False, return_offsets_mapping=True)
    ids, ranges = read["input_ids"], read["offset_mapping"]
    spans = window_spans(len(ids), options["maxLength"] - SPECIAL_TOKENS - len(question), options["stride"])
    found, nulls = [], []
    for window, (first, count) in enumerate(spans):
        starts, ends = logits_of(model, tokenizer, question, ids[first : first + count])
        nulls.append(("", 0, 0, starts[0], ends[0]))
        shift = len(question) + 2 - first  # from a token of the context to one of the window
        for start, end in candidates(starts, ends, options):
            if not (first <= start - shift < first + count and first <= end - shift < first + count):
                continue
            if max_context_window(spans, start - shift) != window:
                continue
            begin, stop = ranges[start - shift][0], ranges[end - shift][1]
            found.append((context[begin:stop], begin, stop, starts[start], ends[end]))
    threshold = options.get("nullThreshold")
    answers, answer, odds = decided(found, nulls, options.get("nBest", 20), threshold)
    probabilities = softmax([start + end for *_, start, end in answers])
    shown = list(zip(answers, probabilities))[:SHOWN]
    return {
        **case,
        "windows": len(spans),
        "answer": answer,
        "nullOdds": None if odds is None else round(odds, 6),
        "count": len(answers),
        "answers": [
            [text, units(context, begin), units(context, stop), *(round(value, 6) for value in (start, end, probability))]
            for (text, begin, stop, start, end), probability in shown
        ],
    }


def logits_of(model: BertForQuestionAnswering, tokenizer: object, question: list, context: list) -> tuple[list, list]:
    ids = [tokenizer.cls_token_id, *question, tokenizer.sep_token_id, *context, tokenizer.sep_token_id]
    types = [0] * (len(question) + 2) + [1] * (len(context) + 1)
    with torch.no_grad():
        output = model(input_ids=torch.tensor([ids]), token_type_ids=torch.tensor([types]))
    return output.start_logits[0].tolist(), output.end_logits[0].tolist()


def candidates(starts: list, ends: list, options: dict) -> list[tuple[int, int]]:
    n_best, longest = options.get("nBest", 20), options.get("maxAnswerTokens", 30)
    return [
        (start, end)
        for start in best_indexes(starts, n_best)
        for end in best_indexes(ends, n_best)
        if start <= end < start + longest
    ]


def decided(found: list, nulls: list, n_best: int, threshold: float | None) -> tuple[list, str, float | None]:
    """The n-best list, the answer and the null odds."""
    null = min(nulls, key=score, default=("", 0, 0, 0, 0))
    if threshold is not None:
        found = [*found, null]
    answers, seen = [], set()
    for answer in sorted(found, key=score, reverse=True):
        if len(answers) < n_best and answer[0] not in seen:
            seen.add(answer[0])
            answers.append(answer)
    for one, other in zip(answers, answers[1 : SHOWN + 1]):
        assert score(one) - score(other) > LEAST_DIFFERENCE, "a tie, nearly: take another seed"
    if threshold is None:
        return (answers, answers[0][0], None) if answers else ([("empty", 0, 0, 0, 0)], "", None)
    if null not in answers:
        answers.append(null)
    best = next((answer for answer in answers if answer[0]), None)
    odds = (score(null) if nulls else NO_WINDOW_NULL_SCORE) - (score(best) if best else 0)
    return answers, best[0] if best and odds <= threshold else "", odds


def score(answer: tuple) -> float:
    return answer[3] + answer[4]


def units(text: str, code_points: int) -> int:
    return len(text[:code_points].encode("utf-16-le")) // 2


if __name__ == "__main__":
    main()
