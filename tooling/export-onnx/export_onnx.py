"""Exports a BERT encoder's folder to one float32 ONNX file and checks it against PyTorch."""

import argparse
import os
from pathlib import Path

import numpy
import onnxruntime
import torch
from transformers import BertModel

INPUTS = ["input_ids", "attention_mask", "token_type_ids"]
OUTPUT = "last_hidden_state"
# Both sides compute in float32, in different orders; a wrong mask or a wrong weight is off by more than 0.01.
TOLERANCE = 1e-4
# Lengths of the texts in each checked batch: alone, equal, mixed.
CHECKED_BATCHES = [[1], [128], [64, 64], [27, 3, 128, 1, 40]]


class HiddenStates(torch.nn.Module):
    """The encoder as a function of three tensors, which is what the exporter traces."""

    def __init__(self, encoder: BertModel):
        super().__init__()
        self.encoder = encoder

    def forward(self, input_ids, attention_mask, token_type_ids):
        return self.encoder(input_ids, attention_mask, token_type_ids).last_hidden_state


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", type=Path, help="model folder with config.json and the weights")
    parser.add_argument("output", type=Path, help="the ONNX file to write")
    parser.add_argument(
        "--fused",
        action="store_true",
        help="apply onnxruntime.transformers' BERT fusion as well, for comparison (slower on a CPU, see README.md)",
    )
    options = parser.parse_args()

    # "eager" attention traces to plain products and a softmax, which every version of ONNX Runtime can optimise.
    encoder = BertModel.from_pretrained(options.model, attn_implementation="eager", add_pooling_layer=False)
    hidden_states = HiddenStates(encoder).float().eval()

    options.output.parent.mkdir(parents=True, exist_ok=True)
    unchecked = options.output.with_name(options.output.name + ".unchecked")
    export(hidden_states, unchecked)
    if options.fused:
        fuse(encoder, unchecked)
    difference = largest_difference(hidden_states, unchecked)
    if not difference <= TOLERANCE:
        raise SystemExit(f"{unchecked} differs from PyTorch by {difference:.1e}, more than {TOLERANCE:.0e}")
    os.replace(unchecked, options.output)
    print(f"{options.output}: {options.output.stat().st_size} bytes, within {difference:.1e} of PyTorch")


def export(hidden_states: HiddenStates, path: Path) -> None:
    """Batch and length stay open; the example's own sizes, and its padding, must not leave a trace."""
    ids, mask, types = batch([9, 5], hidden_states.encoder.config.vocab_size)
    torch.onnx.export(
        hidden_states,
        (ids, mask, types),
        path,
        dynamo=False,
        opset_version=17,
        input_names=INPUTS,
        output_names=[OUTPUT],
        dynamic_axes={name: {0: "batch", 1: "length"} for name in [*INPUTS, OUTPUT]},
    )


def fuse(encoder: BertModel, path: Path) -> None:
    from onnxruntime.transformers import optimizer

    config = encoder.config
    model = optimizer.optimize_model(
        str(path),
        model_type="bert",
        num_heads=config.num_attention_heads,
        hidden_size=config.hidden_size,
        opt_level=0,
    )
    print({name: count for name, count in model.get_fused_operator_statistics().items() if count})
    model.save_model_to_file(str(path))


def largest_difference(hidden_states: HiddenStates, path: Path) -> float:
    """Over the real tokens of every checked batch; what lies under the padding is nobody's business."""
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    differences = []
    for lengths in CHECKED_BATCHES:
        tensors = batch(lengths, hidden_states.encoder.config.vocab_size)
        with torch.no_grad():
            expected = hidden_states(*tensors).numpy()
        feeds = {name: tensor.numpy() for name, tensor in zip(INPUTS, tensors)}
        (actual,) = session.run([OUTPUT], feeds)
        real = feeds["attention_mask"] == 1
        differences.append(numpy.abs(actual - expected)[real].max())
    return float(numpy.max(differences))


def batch(lengths: list[int], vocabulary: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    shape = (len(lengths), max(lengths))
    mask = (torch.arange(shape[1]) < torch.tensor(lengths)[:, None]).long()
    ids = torch.randint(1, vocabulary, shape, generator=torch.Generator().manual_seed(7)) * mask
    types = (torch.arange(shape[1]) >= shape[1] // 2).long() * mask
    return ids, mask, types


if __name__ == "__main__":
    main()
