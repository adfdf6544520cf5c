"""What transformers sees inside a tiny model of ours: hidden states and attention.

Writes packages/bertkit/src/fixtures/recorded-inspection.safetensors, with the names, shapes and metadata that bertkit's
`inspectionArrays` gives its own, computed in double precision from the float32 weights. The model is the one that
tooling/fixtures writes where nothing else is asked for, with `node`, after a build. Needs transformers 5:
`python tooling/golden/inspection.py`; the metadata names the versions that made it.
"""

import json
import os
import subprocess
import tempfile
from pathlib import Path

os.environ["HF_HUB_OFFLINE"] = "1"

import numpy
import torch
import transformers
from safetensors.numpy import save_file

ROOT = Path(__file__).resolve().parents[2]
OUTPUT = ROOT / "packages/bertkit/src/fixtures/recorded-inspection.safetensors"

MAX_LENGTH = 12
LONG = "the old library of the green city is good"
INPUTS = [
    ("A lovely library.", None),
    ("It rained.", "the cat reads"),
    ("", None),
    ("Río, naïve: ☂ 水", None),
    ("not", LONG),
]


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["node", "tooling/fixtures/bin/write-tiny-model.js", folder], cwd=ROOT, check=True)
        tokenizer = transformers.AutoTokenizer.from_pretrained(folder)
        model = transformers.BertModel.from_pretrained(
            folder, dtype=torch.float64, attn_implementation="eager", add_pooling_layer=False
        ).eval()
        seen = [inspected(model, tokenizer, text, pair) for text, pair in INPUTS]
    arrays = {f"text.{i}.{name}": array for i, (found, _) in enumerate(seen) for name, array in found.items()}
    metadata = {
        "texts": json.dumps([said for _, said in seen], ensure_ascii=False),
        "transformers": transformers.__version__,
        "torch": torch.__version__,
    }
    save_file(arrays, OUTPUT, metadata)


def inspected(model: torch.nn.Module, tokenizer: object, text: str, pair: str | None) -> tuple[dict, dict]:
    encoded = tokenizer(
        text, pair, truncation=True, max_length=MAX_LENGTH, return_tensors="pt", return_offsets_mapping=True
    )
    ranges = encoded.pop("offset_mapping")[0].numpy().astype(numpy.int32)
    with torch.no_grad():
        out = model(**encoded, output_hidden_states=True, output_attentions=True)
    arrays = {
        **{f"attention.{i}": single(weights) for i, weights in enumerate(out.attentions)},
        **{f"hidden.{i}": single(states) for i, states in enumerate(out.hidden_states)},
        "ranges": ranges,
        "sequenceIds": numpy.array([-1 if i is None else i for i in encoded.sequence_ids(0)], numpy.int32),
    }
    texts = {"text": text} if pair is None else {"text": text, "pair": pair}
    return arrays, {**texts, "tokens": tokenizer.convert_ids_to_tokens(encoded["input_ids"][0])}


def single(tensor: torch.Tensor) -> numpy.ndarray:
    return numpy.ascontiguousarray(tensor[0].numpy().astype(numpy.float32))


if __name__ == "__main__":
    main()
