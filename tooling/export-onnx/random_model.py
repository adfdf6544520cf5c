"""A sentence encoder of a stated size that has learned nothing: for measuring speed where no weights are at hand."""

import json
import shutil
from pathlib import Path

import torch
from transformers import BertConfig, BertModel

SPECIAL_TOKENS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
# Mean-pooled vectors of length 1, as sentence-transformers writes them down.
MODULES = [
    {"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"},
    {"idx": 1, "name": "1", "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"},
    {"idx": 2, "name": "2", "path": "2_Normalize", "type": "sentence_transformers.models.Normalize"},
]


def write_random_model(model: Path, folder: Path, seed: int) -> None:
    """Weights as BERT's training starts with them. Without a vocab.txt in `model` its words are word5, word6 …"""
    config = BertConfig.from_pretrained(model)
    torch.manual_seed(seed)
    folder.mkdir(parents=True, exist_ok=True)
    BertModel(config, add_pooling_layer=False).save_pretrained(folder)
    if (model / "vocab.txt").exists():
        shutil.copyfile(model / "vocab.txt", folder / "vocab.txt")
    else:
        words = [f"word{i}" for i in range(len(SPECIAL_TOKENS), config.vocab_size)]
        (folder / "vocab.txt").write_text("\n".join([*SPECIAL_TOKENS, *words]) + "\n", encoding="utf-8")
    write_json(folder / "tokenizer_config.json", {"do_lower_case": True, "tokenizer_class": "BertTokenizer"})
    write_json(folder / "modules.json", MODULES)
    (folder / "1_Pooling").mkdir(exist_ok=True)
    write_json(
        folder / "1_Pooling" / "config.json",
        {"word_embedding_dimension": config.hidden_size, "pooling_mode_mean_tokens": True},
    )


def write_json(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, indent=2) + "\n", encoding="utf-8")
