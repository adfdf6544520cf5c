"""Reads what bin/write.js has written with the libraries that people have, and compares.

`python verify.py FOLDER` prints a row for each file: who read it, the largest difference of its answers from ours, or of
its arrays from those of the source. Fails where a difference is too large or a library finds anything amiss.
"""

import json
import os
import sys
from pathlib import Path

os.environ |= {"HF_HUB_OFFLINE": "1", "CUDA_VISIBLE_DEVICES": ""}
os.environ |= {"TF_CPP_MIN_LOG_LEVEL": "3", "TF_ENABLE_ONEDNN_OPTS": "0"}

import numpy
import onnx
import onnxruntime
import tensorflow
import torch
import transformers
from safetensors.numpy import load_file
from sentence_transformers import SentenceTransformer

TOLERANCE = 1e-4
INT8_FILE = "onnx-int8/onnx/model_quantized.onnx"
TEXTS = ["A lovely library.", "", "the cat, the dog & the BIRD!"]
# How google-research/bert (modeling.py, run_pretraining.py, run_classifier.py, run_squad.py) spells what transformers
# calls so.
GOOGLE_PARTS = {"LayerNorm.weight": "LayerNorm.gamma", "LayerNorm.bias": "LayerNorm.beta"}
GOOGLE_HEADS = {
    "cls.predictions.bias": "cls/predictions/output_bias",
    "cls.seq_relationship.weight": "cls/seq_relationship/output_weights",
    "cls.seq_relationship.bias": "cls/seq_relationship/output_bias",
    "classifier.weight": "output_weights",
    "classifier.bias": "output_bias",
    "qa_outputs.weight": "cls/squad/output_weights",
    "qa_outputs.bias": "cls/squad/output_bias",
}
# Whose heads google-research/bert has not, so that no TensorFlow checkpoint is written.
UNKNOWN_TO_GOOGLE = {"BertForTokenClassification", "BertForMultipleChoice"}


class Mismatch(Exception):
    """Something that was written is not as it should be."""


def main() -> None:
    transformers.utils.logging.set_verbosity_error()
    transformers.utils.logging.disable_progress_bar()
    checks = [
        ("safetensors", "transformers", check_safetensors),
        ("tensorflow", "tensorflow", check_tensorflow),
        ("onnx float32", "onnx, onnxruntime", lambda folder: check_onnx(folder, "onnx/onnx/model.onnx", "float32")),
        ("onnx int8", "onnx, onnxruntime", lambda folder: check_onnx(folder, INT8_FILE, "int8")),
    ]
    sentences = [("sentence-transformers", "sentence-transformers, onnxruntime", check_sentences)]
    folders = sorted(folder for folder in Path(sys.argv[1]).iterdir() if (folder / "expected.json").exists())
    results = [
        report(folder, *check)
        for folder in folders
        for check in [*checks, *(sentences if is_sentence_encoder(folder) else [])]
    ]
    print(f"{results.count(True)} passed, {results.count(False)} failed")
    sys.exit(0 if results and all(results) else 1)


def report(folder: Path, format: str, reader: str, check: object) -> bool:
    try:
        difference = check(folder)
        if difference is not None and not difference <= TOLERANCE:
            raise Mismatch(f"differs by {difference:.1e}, more than {TOLERANCE:.0e}")
        said = "refused, as it should be" if difference is None else f"{difference:.1e}"
    except Exception as error:
        said = f"FAILED: {type(error).__name__}: {error}"
    print(f"{folder.name:32} {format:22} {reader:36} {said}", flush=True)
    return not said.startswith("FAILED")


def check_safetensors(folder: Path) -> float:
    """The arrays to the bit, and what transformers answers with them."""
    compare(load_file(folder / "safetensors/model.safetensors"), load_file(folder / "source/model.safetensors"))
    expected = expected_of(folder)
    kind = getattr(transformers, expected["architecture"])
    model, loading = kind.from_pretrained(folder / "safetensors", output_loading_info=True)
    amiss = {key: found for key, found in loading.items() if found}
    if amiss:
        raise Mismatch(f"transformers says {amiss}")
    batch = {name: torch.tensor(rows) for name, rows in padded(expected).items()}
    with torch.no_grad():
        answer = model.eval()(**batch)
    # The sentence vectors are no output of transformers.
    return largest_difference(expected, "float32", {name: value.numpy() for name, value in answer.items()})


def check_tensorflow(folder: Path) -> float | None:
    """To the bit, under Google's names: kernels are [inputs, outputs] there. None for a head without such names."""
    if expected_of(folder)["architecture"] in UNKNOWN_TO_GOOGLE:
        if (folder / "tensorflow").exists():
            raise Mismatch("google-research/bert has no such head, and yet something was written")
        return None
    checkpoint = tensorflow.train.load_checkpoint(str(folder / "tensorflow/bert_model.ckpt"))
    source = load_file(folder / "source/model.safetensors")
    expected = dict(google_array(name, value) for name, value in source.items())
    compare({name: checkpoint.get_tensor(name) for name in checkpoint.get_variable_to_shape_map()}, expected)
    return 0.0


def compare(found: dict[str, numpy.ndarray], expected: dict[str, numpy.ndarray]) -> None:
    if set(found) != set(expected):
        raise Mismatch(f"the names differ: {sorted(set(found) ^ set(expected))}")
    for name, value in expected.items():
        mine = found[name]
        if mine.dtype != value.dtype or mine.shape != value.shape or mine.tobytes() != value.tobytes():
            raise Mismatch(f"{name} is {mine.dtype} {mine.shape}, and not the source's {value.dtype} {value.shape}")


def google_array(name: str, value: numpy.ndarray) -> tuple[str, numpy.ndarray]:
    if name in GOOGLE_HEADS:
        return GOOGLE_HEADS[name], value
    name = name.removeprefix("bert.").replace("encoder.layer.", "encoder.layer_")
    for theirs, googles in GOOGLE_PARTS.items():
        name = name.replace(theirs, googles)
    if name.startswith("embeddings.") and name.endswith("_embeddings.weight"):
        name = name.removesuffix(".weight")
    elif name.endswith(".weight"):
        name, value = f"{name.removesuffix('.weight')}.kernel", value.T
    prefix = "" if name.startswith("cls.") else "bert/"
    return f"{prefix}{name.replace('.', '/')}", numpy.ascontiguousarray(value)


def check_onnx(folder: Path, file: str, precision: str) -> float:
    """Its weights, and its answers to all sequences as one padded batch and to each alone."""
    path = str(folder / file)
    onnx.checker.check_model(path, full_check=True)
    compare_weights(path, load_file(folder / "source/model.safetensors"), is_sentence_encoder(folder))
    expected = expected_of(folder)
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    outputs = [output.name for output in session.get_outputs()]
    wanted = set(expected[precision]) - {"pooler_output" if is_sentence_encoder(folder) else "sentence_embedding"}
    if set(outputs) != wanted:
        raise Mismatch(f"it has the outputs {outputs}, not {sorted(wanted)}")

    def difference(part: dict) -> float:
        batch = {name: numpy.array(rows) for name, rows in padded(part).items()}
        return largest_difference(part, precision, dict(zip(outputs, session.run(outputs, batch))))

    return max(map(difference, [expected, *each_alone(expected)]))


def compare_weights(path: str, source: dict[str, numpy.ndarray], is_sentence: bool) -> None:
    """To the bit; where they are int8, each no further from its float than half a step."""
    stored = {array.name: onnx.numpy_helper.to_array(array) for array in onnx.load(path).graph.initializer}
    for name, value in source.items():
        if is_sentence and name.startswith("pooler."):
            continue
        # The language head's bias has both names in transformers.
        name = "cls.predictions.decoder.bias" if name == "cls.predictions.bias" else name
        levels = stored[f"{name}_transposed"].T if f"{name}_transposed" in stored else stored[name]
        if levels.dtype != numpy.int8:
            compare({name: levels}, {name: value})
            continue
        scale = stored[f"{name.removesuffix('.weight')}.scale"][:, None]
        if not (numpy.abs(levels * scale - value) <= 0.5001 * scale).all():
            raise Mismatch(f"{name} is more than half a step from the source's")


def check_sentences(folder: Path) -> float:
    """The folder as PyTorch has it against its ONNX folder, on texts: each with its own tokenizer."""
    model = SentenceTransformer(str(folder / "safetensors"), device="cpu")
    vectors = model.encode(TEXTS)
    tokenizer = transformers.AutoTokenizer.from_pretrained(folder / "onnx")
    batch = tokenizer(TEXTS, padding=True, return_tensors="np")
    path = str(folder / "onnx/onnx/model.onnx")
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    names = [put.name for put in session.get_inputs()]
    (found,) = session.run(["sentence_embedding"], {name: batch[name].astype(numpy.int64) for name in names})
    return float(numpy.abs(found - vectors).max())


def is_sentence_encoder(folder: Path) -> bool:
    return (folder / "source/modules.json").exists()


def expected_of(folder: Path) -> dict:
    return json.loads((folder / "expected.json").read_text())


def padded(expected: dict) -> dict[str, list]:
    """All sequences as one batch; to a multiple-choice head they are the choices of one question."""
    inputs = expected["inputs"] | {"attention_mask": [[1] * len(row) for row in expected["inputs"]["input_ids"]]}
    width = max(len(row) for row in inputs["input_ids"])
    batch = {name: [row + [0] * (width - len(row)) for row in rows] for name, rows in inputs.items()}
    is_choice = expected["architecture"].endswith("ForMultipleChoice")
    return {name: [rows] for name, rows in batch.items()} if is_choice else batch


def each_alone(expected: dict) -> list[dict]:
    """The same as batches of one sequence; choices are of one question, and depend on no other."""
    count = len(expected["inputs"]["input_ids"])
    parts = ["inputs", "float32", "int8"]
    return [
        expected | {part: {name: [rows[i]] for name, rows in expected[part].items()} for part in parts}
        for i in range(count)
    ]


def largest_difference(expected: dict, precision: str, found: dict) -> float:
    """Between our answers and those found, of real tokens and of the outputs that both have."""
    ours = expected[precision]
    common = [name for name in ours if name in found]
    if not common:
        raise Mismatch(f"it has the outputs {list(found)}, not {list(ours)}")
    differences = []
    for name in common:
        rows = found[name].reshape(len(ours[name]), -1)
        differences += [numpy.abs(row[: len(mine)] - numpy.array(mine)).max() for row, mine in zip(rows, ours[name])]
    return float(max(differences))


if __name__ == "__main__":
    main()
