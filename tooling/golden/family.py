"""Small random models of BERT's family and what transformers answers with them, in float32 and in float64.

Writes a folder of tooling/golden/family/ for each row of MODELS: `config.json` and `model.safetensors` as transformers
saves them, `inputs.json` with four sequences, `outputs.safetensors` and `meta.json`; tooling/golden/README.md says what
is in them. Needs transformers 5: `python tooling/golden/family.py`, or with names to write only these.
"""

import json
import os
import shutil
import sys
from pathlib import Path

os.environ["HF_HUB_OFFLINE"] = "1"

import numpy
import torch
import transformers
from safetensors.numpy import save_file

FOLDER = Path(__file__).parent / "family"
# Wide enough that attention is far from uniform and every parameter shows in the result.
DEVIATION = 0.3
POSITIONS = 40
ENCODER_LENGTHS = [7, 1, POSITIONS, 3]
HEAD_LENGTHS = [7, 1, 14, 3]
# What is inside an encoder, recorded for one of the sequences.
INSIDE = ["hidden_states", "attentions"]
INSPECTED = 0

SIZES = dict(
    vocab_size=90,
    hidden_size=32,
    num_attention_heads=4,
    num_hidden_layers=2,
    intermediate_size=64,
    max_position_embeddings=POSITIONS,
    hidden_dropout_prob=0.0,
    attention_probs_dropout_prob=0.0,
)
DISTILBERT = dict(
    vocab_size=90,
    dim=32,
    n_heads=4,
    n_layers=2,
    hidden_dim=64,
    max_position_embeddings=POSITIONS,
    dropout=0.0,
    attention_dropout=0.0,
    qa_dropout=0.0,
    seq_classif_dropout=0.0,
)
ALBERT = SIZES | dict(embedding_size=16, num_hidden_layers=3, classifier_dropout_prob=0.0)
# Three layers of two groups, each with two blocks.
ALBERT_GROUPS = ALBERT | dict(num_hidden_groups=2, inner_group_num=2, hidden_size=24, intermediate_size=32)
ELECTRA = SIZES | dict(embedding_size=16)
# Positions begin after the padding id, which is 1.
ROBERTA = SIZES | dict(max_position_embeddings=POSITIONS + 2, pad_token_id=1, type_vocab_size=1, layer_norm_eps=1e-5)
LABELS = dict(num_labels=3)

MODELS = {
    "distilbert": ("DistilBertModel", DISTILBERT),
    "distilbert-sinusoidal": ("DistilBertModel", DISTILBERT | dict(sinusoidal_pos_embds=True)),
    "distilbert-masked-lm": ("DistilBertForMaskedLM", DISTILBERT),
    "distilbert-sequence": ("DistilBertForSequenceClassification", DISTILBERT | LABELS),
    "distilbert-token": ("DistilBertForTokenClassification", DISTILBERT | LABELS),
    "distilbert-qa": ("DistilBertForQuestionAnswering", DISTILBERT),
    "distilbert-multiple-choice": ("DistilBertForMultipleChoice", DISTILBERT),
    "albert": ("AlbertModel", ALBERT),
    "albert-groups": ("AlbertModel", ALBERT_GROUPS),
    "albert-masked-lm": ("AlbertForMaskedLM", ALBERT),
    "albert-sequence": ("AlbertForSequenceClassification", ALBERT | LABELS),
    "albert-token": ("AlbertForTokenClassification", ALBERT | LABELS),
    "albert-qa": ("AlbertForQuestionAnswering", ALBERT),
    "albert-pretraining": ("AlbertForPreTraining", ALBERT),
    "roberta": ("RobertaModel", ROBERTA | dict(type_vocab_size=2)),
    "roberta-masked-lm": ("RobertaForMaskedLM", ROBERTA),
    "roberta-sequence": ("RobertaForSequenceClassification", ROBERTA | LABELS),
    "roberta-token": ("RobertaForTokenClassification", ROBERTA | LABELS),
    "roberta-qa": ("RobertaForQuestionAnswering", ROBERTA),
    "xlm-roberta": ("XLMRobertaForMaskedLM", ROBERTA),
    "camembert": ("CamembertForMaskedLM", ROBERTA),
    "electra": ("ElectraModel", ELECTRA),
    "electra-equal-widths": ("ElectraModel", ELECTRA | dict(embedding_size=32)),
    "electra-discriminator": ("ElectraForPreTraining", ELECTRA),
    "electra-masked-lm": ("ElectraForMaskedLM", ELECTRA),
    "electra-sequence": ("ElectraForSequenceClassification", ELECTRA | LABELS),
    "electra-token": ("ElectraForTokenClassification", ELECTRA | LABELS),
    "electra-qa": ("ElectraForQuestionAnswering", ELECTRA),
}


def main() -> None:
    transformers.utils.logging.disable_progress_bar()
    # Sums have one order, so that another run writes the same bytes.
    torch.set_num_threads(1)
    for seed, name in enumerate(MODELS, start=1):
        if name in (sys.argv[1:] or MODELS):
            write(name, seed)


def write(name: str, seed: int) -> None:
    architecture, settings = MODELS[name]
    folder = FOLDER / name
    shutil.rmtree(folder, ignore_errors=True)
    model = randomised(architecture, settings, seed)
    model.save_pretrained(folder)
    inputs = inputs_of(model, seed)
    single, padded = outputs(model, inputs), padded_outputs(model, inputs)
    double = outputs(model.double(), inputs)
    save_file(single | {f"{key}_f64": value for key, value in double.items()}, folder / "outputs.safetensors")
    meta = {
        "architecture": architecture,
        "seed": seed,
        "inspected_sequence": INSPECTED,
        "largest_error": largest_errors(single, double),
        "largest_error_padded": largest_errors(padded, double),
        "versions": {"torch": torch.__version__, "transformers": transformers.__version__},
    }
    write_json(folder / "inputs.json", inputs)
    write_json(folder / "meta.json", meta)


def randomised(architecture: str, settings: dict, seed: int) -> transformers.PreTrainedModel:
    kind = getattr(transformers, architecture)
    config = kind.config_class(**settings, attn_implementation="eager")
    if not is_encoder(architecture):
        # The encoder has a folder of its own; a head shows as well after one block.
        config.num_hidden_layers = 1
    model = kind(config)
    generator = torch.Generator().manual_seed(seed)
    for name, parameter in model.named_parameters():
        if settings.get("sinusoidal_pos_embds") and name.endswith("position_embeddings.weight"):
            continue
        is_scale = "norm" in name.lower() and name.endswith("weight")
        parameter.data.normal_(1.0 if is_scale else 0.0, DEVIATION, generator=generator)
    return model.eval()


def is_encoder(architecture: str) -> bool:
    return architecture.endswith("Model")


def inputs_of(model: transformers.PreTrainedModel, seed: int) -> dict[str, list[list[int]]]:
    """Random ids, none of them special, and types where the model has more than one."""
    generator = torch.Generator().manual_seed(seed)
    lengths = ENCODER_LENGTHS if is_encoder(type(model).__name__) else HEAD_LENGTHS
    ids = [torch.randint(5, model.config.vocab_size, [length], generator=generator).tolist() for length in lengths]
    types = [[0] * (length - length // 2) + [1] * (length // 2) for length in lengths]
    has_types = getattr(model.config, "type_vocab_size", 1) > 1
    return {"input_ids": ids, **({"token_type_ids": types} if has_types else {})}


def outputs(model: transformers.PreTrainedModel, inputs: dict) -> dict[str, numpy.ndarray]:
    """Each sequence alone, and so without padding: `NAME.SEQUENCE`, and what is inside one of them: `NAME.LAYER`."""
    found = {}
    for i in range(len(inputs["input_ids"])):
        answer, inside = run(model, {key: torch.tensor([rows[i]]) for key, rows in inputs.items()})
        found |= {f"{name}.{i}": array(value[0]) for name, value in answer.items()}
        if i == INSPECTED and is_encoder(type(model).__name__):
            found |= {name: array(value[0]) for name, value in inside.items()}
    return found


def padded_outputs(model: transformers.PreTrainedModel, inputs: dict) -> dict[str, numpy.ndarray]:
    """The same of one padded batch, without its padding."""
    padding = {"input_ids": model.config.pad_token_id, "token_type_ids": 0}
    batch = {key: rectangle(rows, padding[key]) for key, rows in inputs.items()}
    lengths = [len(row) for row in inputs["input_ids"]]
    answer, _ = run(model, batch | {"attention_mask": rectangle([[1] * length for length in lengths], 0)})
    has_tokens = {name: value.shape[1:2] == batch["input_ids"].shape[1:] for name, value in answer.items()}
    return {
        f"{name}.{i}": array(value[i, :length] if has_tokens[name] else value[i])
        for name, value in answer.items()
        for i, length in enumerate(lengths)
    }


def run(model: transformers.PreTrainedModel, batch: dict[str, torch.Tensor]) -> tuple[dict, dict]:
    """What the model answers and what is inside it; the first axis of all is the sequence."""
    # To this head the sequences are the choices of one question.
    is_choice = "MultipleChoice" in type(model).__name__
    with torch.no_grad():
        answer = model(
            **{key: value.unsqueeze(0) if is_choice else value for key, value in batch.items()},
            output_hidden_states=True,
            output_attentions=True,
        )
    answers = {name: value for name, value in answer.items() if torch.is_tensor(value)}
    if is_choice:
        answers = {name: value.reshape(-1, 1) for name, value in answers.items()}
    layers = [(name, layer, value) for name in INSIDE for layer, value in enumerate(answer[name])]
    return answers, {f"{name}.{layer}": value for name, layer, value in layers}


def largest_errors(found: dict[str, numpy.ndarray], truth: dict[str, numpy.ndarray]) -> dict[str, float]:
    """For each output over all its sequences or layers."""
    errors: dict[str, float] = {}
    for key, value in found.items():
        name = key.split(".")[0]
        errors[name] = max(errors.get(name, 0.0), float(numpy.abs(value - truth[key]).max()))
    return errors


def array(tensor: torch.Tensor) -> numpy.ndarray:
    return numpy.ascontiguousarray(tensor.numpy())


def rectangle(rows: list[list[int]], padding: int) -> torch.Tensor:
    width = max(len(row) for row in rows)
    return torch.tensor([row + [padding] * (width - len(row)) for row in rows])


def write_json(path: Path, value: dict) -> None:
    lines = [f"{json.dumps(key)}: {json.dumps(entry)}" for key, entry in value.items()]
    path.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
