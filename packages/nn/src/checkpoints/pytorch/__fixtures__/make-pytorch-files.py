"""Files of torch.save for the tests of the reader, with what they hold as PyTorch sees it: python make-pytorch-files.py > pytorch-files.json

Made with PyTorch 2.15.0 and NumPy 2. Every file is gzip in base64; expected values are numbers, or text where JSON has none.
"""

import base64
import collections
import gzip
import io
import json
import math
import zipfile

import numpy
import torch


def saved(value, **options):
    buffer = io.BytesIO()
    torch.save(value, buffer, **options)
    return buffer.getvalue()


def number(value):
    if isinstance(value, bool) or isinstance(value, int):
        return int(value)
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    return str(value) if math.isnan(value) or (value == 0 and math.copysign(1, value) < 0) else value


def described(state):
    return {
        name: {
            "dtype": str(tensor.dtype).removeprefix("torch."),
            "shape": list(tensor.shape),
            "values": [number(value) for value in tensor.detach().reshape(-1).tolist()],
        }
        for name, tensor in state.items()
    }


def deflated(contents):
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(contents)) as source, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(name, source.read(name))
    return buffer.getvalue()


torch.manual_seed(1)
floats = [0.0, -0.0, 1.0, -1.5, 0.1, 65504.0, 1e-7, math.inf, -math.inf, math.nan]
elements = {
    **{str(kind): torch.tensor(floats, dtype=kind) for kind in (torch.float64, torch.float32, torch.float16, torch.bfloat16)},
    **{
        str(kind): torch.tensor([0, 1, torch.iinfo(kind).min, torch.iinfo(kind).max], dtype=kind)
        for kind in (torch.int32, torch.int16, torch.int8, torch.uint8)
    },
    "torch.int64": torch.tensor([0, 1, -(2**40), 2**40]),
    "torch.bool": torch.tensor([True, False, True]),
    "scalar": torch.tensor(2.5),
    "empty": torch.zeros(2, 0, 3),
    "parameter": torch.nn.Parameter(torch.tensor([[1.0, 2.0]])),
}
base = torch.arange(24, dtype=torch.float32).reshape(4, 6)
views = {
    "base": base,
    "transposed": base.t(),
    "stepped": base[1:4, 1:6:2],
    "row": base[2],
    "expanded": base[0, :3].expand(2, 2, 3),
    "swapped": base.reshape(2, 2, 6).permute(2, 0, 1),
    "halves": base.half()[:, ::2],
    "channels last": torch.arange(16.0).reshape(1, 2, 2, 2, 2).contiguous(memory_format=torch.channels_last_3d),
}
network = torch.nn.Sequential(torch.nn.Conv3d(1, 2, 2), torch.nn.BatchNorm3d(2), torch.nn.Linear(2, 3, bias=False))
state = network.state_dict()
optimiser = torch.optim.AdamW(network.parameters())
network(torch.rand(1, 1, 3, 3, 3)).sum().backward()
optimiser.step()
trained = {
    "network_weights": state,
    "optimizer_state": optimiser.state_dict(),
    "grad_scaler_state": None,
    "logging": {"mean_fg_dice": [numpy.float64(0.5), numpy.float32(0.25)], "epoch_end_timestamps": [1.5]},
    "_best_ema": numpy.float64(0.75),
    "current_epoch": 3,
    "init_args": {"device": torch.device("cpu"), "folds": (0, 1), "size": torch.Size([1, 2]), "kind": torch.float32, "seen": {1}},
    "mirror": numpy.arange(3),
    "long": 2**40,
}
cases = {
    "elements": (saved(elements), elements, []),
    "views": (saved(views), views, []),
    "trained": (saved(trained), state, ["network_weights"]),
    "protocol 3": (saved(state, pickle_protocol=3), state, []),
    "protocol 4": (saved({"epoch": 1, "model": {"ema": state}}, pickle_protocol=4), state, ["model", "ema"]),
    "protocol 5": (saved(collections.OrderedDict(state), pickle_protocol=5), state, []),
    "deflated": (deflated(saved(state)), state, []),
}
refused = {
    "legacy": saved(state, _use_new_zipfile_serialization=False),
    "whole module": saved(torch.nn.Linear(1, 1)),
    "complex": saved({"a": torch.ones(1, dtype=torch.complex64)}),
    "no tensors": saved([1, 2]),
}


def text(contents):
    return base64.b64encode(gzip.compress(contents, mtime=0)).decode()


print(
    json.dumps(
        {
            "cases": {
                name: {"file": text(contents), "within": within, "tensors": described(tensors)}
                for name, (contents, tensors, within) in cases.items()
            },
            "refused": {name: text(contents) for name, contents in refused.items()},
        },
    )
)
