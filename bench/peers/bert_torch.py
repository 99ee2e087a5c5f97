"""BERT-base in PyTorch, as transformers computes it with its `sdpa` attention: forward in evaluation of TEXTS texts of TOKENS tokens.
usage: bert_torch.py TEXTS TOKENS THREADS FOLDER. The first line asked for writes weights, ids and class tokens to FOLDER."""

import json
import resource
import sys
import time
from pathlib import Path

import torch
import torch.nn.functional as F
from safetensors.torch import save_file
from torch import nn

texts, tokens, threads = map(int, sys.argv[1:4])
folder = Path(sys.argv[4])
torch.set_num_threads(threads)
torch.manual_seed(0)
WIDTH, HEADS, LAYERS, WORDS, POSITIONS = 768, 12, 12, 30522, 512


class Layer(nn.Module):
    def __init__(self):
        super().__init__()
        self.query, self.key, self.value, self.attended = (nn.Linear(WIDTH, WIDTH) for _ in range(4))
        self.expand, self.contract = nn.Linear(WIDTH, 4 * WIDTH), nn.Linear(4 * WIDTH, WIDTH)
        self.norm1, self.norm2 = (nn.LayerNorm(WIDTH, eps=1e-12) for _ in range(2))

    def forward(self, x):
        split = lambda y: y.view(*y.shape[:2], HEADS, -1).transpose(1, 2)
        heads = F.scaled_dot_product_attention(split(self.query(x)), split(self.key(x)), split(self.value(x)))
        x = self.norm1(x + self.attended(heads.transpose(1, 2).reshape(x.shape)))
        return self.norm2(x + self.contract(F.gelu(self.expand(x))))


class Bert(nn.Module):
    def __init__(self):
        super().__init__()
        self.words, self.positions, self.types = (nn.Embedding(n, WIDTH) for n in (WORDS, POSITIONS, 2))
        self.norm = nn.LayerNorm(WIDTH, eps=1e-12)
        self.layers = nn.ModuleList(Layer() for _ in range(LAYERS))
        for table in (self.words, self.positions, self.types):
            nn.init.normal_(table.weight, std=0.02)

    def forward(self, ids):
        x = self.norm(self.words(ids) + self.positions.weight[: ids.shape[1]] + self.types.weight[0])
        for layer in self.layers:
            x = layer(x)
        return x


PUBLISHED = {
    "words": "embeddings.word_embeddings",
    "positions": "embeddings.position_embeddings",
    "types": "embeddings.token_type_embeddings",
    "norm": "embeddings.LayerNorm",
    "query": "attention.self.query",
    "key": "attention.self.key",
    "value": "attention.self.value",
    "attended": "attention.output.dense",
    "norm1": "attention.output.LayerNorm",
    "expand": "intermediate.dense",
    "contract": "output.dense",
    "norm2": "output.LayerNorm",
}


def published(name):
    *place, part, kind = name.split(".")
    return ".".join([*("encoder.layer" if p == "layers" else p for p in place), PUBLISHED[part], kind])


model = Bert().eval()
ids = torch.randint(0, WORDS, (texts, tokens))


def step():
    with torch.no_grad():
        return model(ids)


for turn, _ in enumerate(sys.stdin):
    if turn == 0:
        state = {f"param.{published(name)}": value.detach().clone() for name, value in model.state_dict().items()}
        save_file({**state, "ids": ids.int(), "output": step().clone()}, folder / "peer.safetensors")
    start = time.perf_counter()
    step()
    ms = (time.perf_counter() - start) * 1000
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"ms": ms, "peakMb": peak}), flush=True)
