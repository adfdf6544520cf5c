"""Makes a model folder that every side of a benchmark can read: a BERT's own files and the same weights as ONNX."""

import argparse
import os
import shutil
from pathlib import Path

import numpy
import onnxruntime
import torch
from random_model import write_random_model
from transformers import BertModel

INPUTS = ["input_ids", "attention_mask", "token_type_ids"]
OUTPUT = "last_hidden_state"
# Both sides compute in float32, in different orders; a wrong mask or a wrong weight is off by more than 0.01.
TOLERANCE = 1e-4
# Of a mean-pooled vector in int8 to that in float32. Random ids are no text, so they suffer more than texts do (0.89 at
# worst with all-MiniLM-L6-v2); a wrong scale or a wrong weight is far below.
LEAST_COSINE = 0.8
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
    parser.add_argument("output", type=Path, help="the folder to write: the model's files, onnx/model.onnx")
    parser.add_argument("--int8", action="store_true", help="write onnx/model_int8.onnx as well, quantised dynamically")
    parser.add_argument(
        "--random-weights",
        type=int,
        metavar="SEED",
        help="weights drawn from this seed, in the size that config.json states; the model needs no other file",
    )
    parser.add_argument(
        "--fused",
        action="store_true",
        help="apply onnxruntime.transformers' BERT fusion as well, for comparison (slower on a CPU, see README.md)",
    )
    options = parser.parse_args()

    if options.random_weights is None:
        shutil.copytree(options.model, options.output, dirs_exist_ok=True, copy_function=shutil.copyfile)
    else:
        write_random_model(options.model, options.output, options.random_weights)
    # "eager" attention traces to plain products and a softmax, which every version of ONNX Runtime can optimise.
    encoder = BertModel.from_pretrained(options.output, attn_implementation="eager", add_pooling_layer=False)
    hidden_states = HiddenStates(encoder).float().eval()

    model = options.output / "onnx" / "model.onnx"
    model.parent.mkdir(exist_ok=True)
    unchecked = model.with_name(model.name + ".unchecked")
    export(hidden_states, unchecked)
    if options.fused:
        fuse(encoder, unchecked)
    difference = largest_difference(hidden_states, unchecked)
    if not difference <= TOLERANCE:
        raise SystemExit(f"{unchecked} differs from PyTorch by {difference:.1e}, more than {TOLERANCE:.0e}")
    os.replace(unchecked, model)
    print(f"{model}: {model.stat().st_size} bytes, within {difference:.1e} of PyTorch")
    if options.int8:
        write_int8(hidden_states, model, model.with_name("model_int8.onnx"))


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


def write_int8(hidden_states: HiddenStates, model: Path, path: Path) -> None:
    """ONNX Runtime's dynamic quantisation as its guide has it: weights int8, activations quantised as they come."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    unchecked = path.with_name(path.name + ".unchecked")
    quantize_dynamic(model, unchecked, weight_type=QuantType.QInt8)
    cosine = least_cosine(hidden_states, unchecked)
    if not cosine >= LEAST_COSINE:
        raise SystemExit(f"{unchecked}: a text's vector has cosine {cosine:.3f} to PyTorch's, under {LEAST_COSINE}")
    os.replace(unchecked, path)
    print(f"{path}: {path.stat().st_size} bytes, vectors with cosine {cosine:.4f} to PyTorch's or better")


def largest_difference(hidden_states: HiddenStates, path: Path) -> float:
    """Over the real tokens of every checked batch; what lies under the padding is nobody's business."""
    return max(
        float(numpy.abs(actual - expected)[mask == 1].max())
        for expected, actual, mask in checked(hidden_states, path)
    )


def least_cosine(hidden_states: HiddenStates, path: Path) -> float:
    """Between the mean-pooled vectors of every text of every checked batch."""
    cosines = []
    for expected, actual, mask in checked(hidden_states, path):
        a, b = ((hidden * mask[..., None]).sum(axis=1) for hidden in (expected, actual))
        cosines.append(((a * b).sum(axis=1) / numpy.linalg.norm(a, axis=1) / numpy.linalg.norm(b, axis=1)).min())
    return float(min(cosines))


def checked(hidden_states: HiddenStates, path: Path):
    """PyTorch's hidden states, ONNX Runtime's, and the mask, for every checked batch."""
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    for lengths in CHECKED_BATCHES:
        tensors = batch(lengths, hidden_states.encoder.config.vocab_size)
        with torch.no_grad():
            expected = hidden_states(*tensors).numpy()
        feeds = {name: tensor.numpy() for name, tensor in zip(INPUTS, tensors)}
        (actual,) = session.run([OUTPUT], feeds)
        yield expected, actual, feeds["attention_mask"]


def batch(lengths: list[int], vocabulary: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    shape = (len(lengths), max(lengths))
    mask = (torch.arange(shape[1]) < torch.tensor(lengths)[:, None]).long()
    ids = torch.randint(1, vocabulary, shape, generator=torch.Generator().manual_seed(7)) * mask
    types = (torch.arange(shape[1]) >= shape[1] // 2).long() * mask
    return ids, mask, types


if __name__ == "__main__":
    main()
