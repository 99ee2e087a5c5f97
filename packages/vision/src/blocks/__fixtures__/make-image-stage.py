"""The answer of a stage of MONAI's Swin transformer on images: two blocks, the second one's windows shifted, and patch merging.

Made with torch 2.15, monai 1.6.1 and safetensors 0.8: python make-image-stage.py
Writes image-stage.safetensors beside this file; tensors are in PyTorch's layout.
"""

from pathlib import Path

import torch
from monai.networks.nets.swin_unetr import BasicLayer, PatchMergingV2
from safetensors.torch import save_file

torch.manual_seed(21)
stage = BasicLayer(4, 2, 2, (2, 3), [0.0, 0.0], mlp_ratio=2.0, qkv_bias=True, downsample=PatchMergingV2)
with torch.no_grad():
    for parameter in stage.parameters():
        parameter.copy_(torch.randn(parameter.shape) / 2)
x = torch.randn(2, 4, 5, 7, requires_grad=True)
y = stage(x)
cotangent = torch.randn(y.shape)
(y * cotangent).sum().backward()
parameters = dict(stage.named_parameters())
tensors = {
    "input": x.detach(),
    "output": y.detach(),
    "cotangent": cotangent,
    "grad.input": x.grad,
    **{f"param.{name}": parameter.detach() for name, parameter in parameters.items()},
    **{f"grad.param.{name}": parameter.grad for name, parameter in parameters.items()},
}
file = Path(__file__).parent / "image-stage.safetensors"
save_file({name: tensor.contiguous() for name, tensor in tensors.items()}, file)
