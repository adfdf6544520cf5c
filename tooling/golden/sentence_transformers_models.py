"""Three tiny random models as sentence-transformers saves them, and what it makes of a few texts and pairs with them.

Writes the folders of tooling/golden/sentence-transformers/ and their expected.json. A sentence encoder (mean, length 1)
and two re-rankers with one label, whose scores go through a sigmoid or stay logits. Needs sentence-transformers 6:
`python tooling/golden/sentence_transformers_models.py`; expected.json names the versions that made it.
"""

import json
import os
import shutil
import string
import tempfile
from pathlib import Path

os.environ["HF_HUB_OFFLINE"] = "1"

import sentence_transformers
import torch
import transformers
from sentence_transformers import CrossEncoder, SentenceTransformer
from sentence_transformers.sentence_transformer.modules import Normalize, Pooling, Transformer
from transformers import BertConfig, BertForSequenceClassification, BertModel, BertTokenizer

FOLDER = Path(__file__).parent / "sentence-transformers"
MAX_LENGTH = 24
# Wide enough that attention is far from uniform and every parameter shows in the result.
DEVIATION = 0.3

SPECIAL_TOKENS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
LETTERS = list(string.ascii_lowercase)
WORDS = """
the of and to in is it a for with was not how who what cat dog bird sat on mat river water bank money reads book library
green little old ##ing ##ed ##s . , ? !
""".split()
VOCABULARY = list(dict.fromkeys([*SPECIAL_TOKENS, *LETTERS, *(f"##{letter}" for letter in LETTERS), *WORDS]))

TEXTS = [
    "The cat sat on the mat.",
    "A dog reads a little green book!",
    "the cat sat on the mat .",
    "",
    "Río, naïve: ☂",
    "the river and the bank of the river and the money in the bank of the little old library of the green cat",
]
PAIRS = [
    ["Who sat on the mat?", "The cat sat on the mat."],
    ["Who sat on the mat?", "Money is in the bank."],
    ["what is a library", ""],
    ["how was the water of the river", "the river and the bank of the river and the water in the bank of the little river"],
    ["the cat and the dog and the bird and the old cat and the old dog and the old bird", "water"],
]
QUERY = "Who reads a book in the library?"
PASSAGES = ["A bird!", "The old dog reads a book.", "Books, books, books", "the library is little", "water"]


def main() -> None:
    shutil.rmtree(FOLDER, ignore_errors=True)
    with tempfile.TemporaryDirectory() as temporary:
        expected = {
            "versions": {
                "sentence_transformers": sentence_transformers.__version__,
                "transformers": transformers.__version__,
                "torch": torch.__version__,
            },
            "sentence-encoder": sentence_encoder(Path(temporary) / "bert"),
            "cross-encoder": cross_encoder(Path(temporary) / "sigmoid", "cross-encoder", None, seed=2),
            "cross-encoder-identity": cross_encoder(
                Path(temporary) / "identity", "cross-encoder-identity", torch.nn.Identity(), seed=3
            ),
        }
    lines = [f"{json.dumps(name)}: {json.dumps(value, ensure_ascii=False)}" for name, value in expected.items()]
    (FOLDER / "expected.json").write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


def sentence_encoder(plain: Path) -> dict:
    save_plain(plain, randomised(BertModel(config()), seed=1))
    transformer = Transformer(str(plain), max_seq_length=MAX_LENGTH)
    model = SentenceTransformer(modules=[transformer, Pooling(transformer.get_embedding_dimension()), Normalize()])
    folder = FOLDER / "sentence-encoder"
    model.save_pretrained(str(folder), create_model_card=False)
    # The same float32 weights, in double precision.
    vectors = SentenceTransformer(str(folder), device="cpu").double().encode(TEXTS)
    return {"texts": TEXTS, "vectors": rounded(vectors)}


def cross_encoder(plain: Path, name: str, activation: torch.nn.Module | None, seed: int) -> dict:
    save_plain(plain, randomised(BertForSequenceClassification(config(num_labels=1)), seed))
    model = CrossEncoder(str(plain), max_length=MAX_LENGTH, activation_fn=activation, device="cpu")
    folder = FOLDER / name
    model.save_pretrained(str(folder), create_model_card=False)
    loaded = CrossEncoder(str(folder), device="cpu").double()
    ranking = loaded.rank(QUERY, PASSAGES)
    return {
        "pairs": PAIRS,
        "logits": rounded(loaded.predict(PAIRS, activation_fn=torch.nn.Identity())),
        "scores": rounded(loaded.predict(PAIRS)),
        "ranking": {
            "query": QUERY,
            "passages": PASSAGES,
            "order": [found["corpus_id"] for found in ranking],
            "scores": rounded(torch.tensor([found["score"] for found in ranking], dtype=torch.float64).numpy()),
        },
    }


def config(**more: object) -> BertConfig:
    return BertConfig(
        vocab_size=len(VOCABULARY),
        hidden_size=24,
        num_hidden_layers=2,
        num_attention_heads=4,
        intermediate_size=48,
        max_position_embeddings=32,
        **more,
    )


def randomised(model: torch.nn.Module, seed: int) -> torch.nn.Module:
    generator = torch.Generator().manual_seed(seed)
    for name, parameter in model.named_parameters():
        mean = 1.0 if name.endswith("LayerNorm.weight") else 0.0
        parameter.data.normal_(mean, DEVIATION, generator=generator)
    return model.eval()


def save_plain(folder: Path, model: transformers.PreTrainedModel) -> None:
    """As transformers has a model, with its tokenizer: what sentence-transformers starts from."""
    model.save_pretrained(folder)
    (folder / "vocab.txt").write_text("\n".join(VOCABULARY) + "\n", encoding="utf-8")
    BertTokenizer.from_pretrained(folder).save_pretrained(folder)


def rounded(values: object) -> object:
    """To nine decimals: finer than float32 is near 1."""
    return [rounded(value) for value in values] if getattr(values, "ndim", 0) > 0 else round(float(values), 9)


if __name__ == "__main__":
    main()
