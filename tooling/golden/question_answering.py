"""What run_squad's windows and decoding give for random logits, written down anew from their description in plain Python.

Writes packages/data/src/fixtures/recorded-windows.json and packages/heads/src/fixtures/recorded-answers.json, which
`npx biome check --write` then lays out. Needs nothing but Python 3.11: `python tooling/golden/question_answering.py`.
"""

import json
import math
import random
from pathlib import Path

PACKAGES = Path(__file__).resolve().parents[2] / "packages"
WORDS = ["ab", "cd", "ef", "gh", "ij"]  # few, so that answers repeat
QUESTION_TOKENS = 2
CONTEXT_BEGINS = 1 + QUESTION_TOKENS + 1  # after [CLS], the question and [SEP]
NO_WINDOW_NULL_SCORE = 1000000


def window_spans(tokens: int, room: int, stride: int) -> list[tuple[int, int]]:
    """First token and number of tokens of each window over a context."""
    spans = []
    first = 0
    while first < tokens:
        count = min(room, tokens - first)
        spans.append((first, count))
        if first + count == tokens:
            break
        first += min(count, stride)
    return spans


def max_context_window(spans: list[tuple[int, int]], token: int) -> int:
    """The window in which a token has the most context, the first of equals."""
    scores = [
        (min(token - first, first + count - 1 - token) + 0.01 * count, -window)
        for window, (first, count) in enumerate(spans)
        if first <= token < first + count
    ]
    return -max(scores)[1]


def best_indexes(logits: list[float], n: int) -> list[int]:
    return sorted(range(len(logits)), key=lambda index: logits[index], reverse=True)[:n]


def softmax(scores: list[float]) -> list[float]:
    highest = max(scores)
    powers = [math.exp(score - highest) for score in scores]
    total = sum(powers)
    return [power / total for power in powers]


def decode(words: list[str], windows: list[dict], n_best: int, longest: int, threshold: float | None) -> dict:
    """The n-best list, the prediction and the null odds of one question."""
    found = []
    for window in windows:
        first, starts, ends = window["first"], window["starts"], window["ends"]
        in_context = range(CONTEXT_BEGINS, CONTEXT_BEGINS + window["count"])
        for start in best_indexes(starts, n_best):
            for end in best_indexes(ends, n_best):
                if start not in in_context or end not in in_context or not window["maxContext"][start]:
                    continue
                if end < start or end - start + 1 > longest:
                    continue
                text = " ".join(words[first + start - CONTEXT_BEGINS : first + end - CONTEXT_BEGINS + 1])
                found.append((text, starts[start], ends[end]))
    null = null_score = None
    if threshold is not None:
        null_score, null = NO_WINDOW_NULL_SCORE, ("", 0, 0)
        for window in windows:
            if window["starts"][0] + window["ends"][0] < null_score:
                null_score = window["starts"][0] + window["ends"][0]
                null = ("", window["starts"][0], window["ends"][0])
        found.append(null)
    found.sort(key=lambda answer: answer[1] + answer[2], reverse=True)

    kept, seen = [], set()
    for answer in found:
        if len(kept) == n_best:
            break
        if answer[0] not in seen:
            seen.add(answer[0])
            kept.append(answer)
    if null is not None and "" not in seen:
        kept.append(null)
    if not kept:
        kept.append(("empty", 0, 0))

    prediction, odds = kept[0][0], None
    if null is not None:
        best = next((answer for answer in kept if answer[0]), ("", 0, 0))
        odds = null_score - best[1] - best[2]
        prediction = "" if odds > threshold else best[0]
    probabilities = softmax([start + end for _, start, end in kept])
    return {
        "prediction": prediction,
        "nullOdds": odds,
        "nBest": [[*answer, round(probability, 9)] for answer, probability in zip(kept, probabilities)],
    }


def random_case(source: random.Random) -> dict:
    words = source.choices(WORDS, k=source.randint(1, 14))
    room, stride = source.randint(1, 9), source.randint(1, 6)
    spans = window_spans(len(words), room, stride)
    # Whole and sixteenth numbers are the same in float32, and whole ones of a small range tie often.
    steps, unit = source.choice([(3, 1), (200, 16)])

    def logits(count: int) -> list[float]:
        return [source.randint(-steps, steps) / unit for _ in range(CONTEXT_BEGINS + count + 1)]

    windows = []
    for window, (first, count) in enumerate(spans):
        best = [max_context_window(spans, token) == window for token in range(first, first + count)]
        max_context = [0] * CONTEXT_BEGINS + [int(value) for value in best] + [0]
        windows.append(
            {"first": first, "count": count, "maxContext": max_context, "starts": logits(count), "ends": logits(count)}
        )
    options = {
        "nBest": source.choice([1, 3, 5, 20]),
        "maxAnswerTokens": source.choice([1, 2, 4, 30]),
        "nullThreshold": source.choice([None, 0, -2.5, 3]),
    }
    expected = decode(words, windows, options["nBest"], options["maxAnswerTokens"], options["nullThreshold"])
    return {"words": words, "windows": windows, "options": options, "expected": expected}


def recorded_windows() -> list[dict]:
    cases = []
    for tokens in (0, 1, 5, 8, 9, 20, 33):
        for room in (1, 4, 8):
            for stride in (1, 3, 4, 8, 12):
                spans = window_spans(tokens, room, stride)
                holders = [max_context_window(spans, token) for token in range(tokens)]
                cases.append({"tokens": tokens, "room": room, "stride": stride, "spans": spans, "holders": holders})
    return cases


def write_rows(path: Path, rows: list[dict]) -> None:
    lines = ",\n".join(json.dumps(row, separators=(",", ":")) for row in rows)
    path.write_text(f"[\n{lines}\n]\n", encoding="utf-8")


def main() -> None:
    source = random.Random(20)
    write_rows(PACKAGES / "data/src/fixtures/recorded-windows.json", recorded_windows())
    cases = [random_case(source) for _ in range(60)]
    write_rows(PACKAGES / "heads/src/fixtures/recorded-answers.json", cases)


if __name__ == "__main__":
    main()
