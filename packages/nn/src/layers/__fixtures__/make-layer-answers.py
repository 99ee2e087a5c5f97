"""Answers of PyTorch's and MONAI's layers: outputs, running statistics, gradients of inputs and parameters.

Made with torch 2.15, monai 1.6.1 and safetensors 0.8: python make-layer-answers.py
Writes layer-answers.safetensors and layer-answers.json beside this file.
Tensors start with their case's place in the list. They are in PyTorch's layout, those of MONAI's patch merging and window attention channels-last.
"""

import json
from pathlib import Path

import torch
from monai.networks.nets.swin_unetr import PatchMergingV2, WindowAttention
from safetensors.torch import save_file
from torch import nn
from torch.nn import functional

HERE = Path(__file__).parent
TENSORS = {}
CASES = []


def draw(*shape):
    """Normal numbers that half precision holds."""
    return torch.randn(*shape).half().float()


def record(name, kind, config, inputs, run, module=None):
    """Runs forwards and backwards from a random cotangent and keeps what goes in, in half precision, and what comes out."""
    number = len(CASES)
    inputs = {key: value.requires_grad_() for key, value in inputs.items()}
    parameters = dict(module.named_parameters()) if module else {}
    for key, value in parameters.items():
        with torch.no_grad():
            value.copy_(value.half())
        TENSORS[f"{number}/param.{key}"] = value.detach().half()
    if module:
        for key, value in module.named_buffers():
            if value.is_floating_point():
                TENSORS[f"{number}/before.{key}"] = value.clone()
    output = run(**inputs)
    cotangent = draw(*output.shape)
    (output * cotangent).sum().backward()
    for key, value in inputs.items():
        TENSORS[f"{number}/input.{key}"] = value.detach().half()
        TENSORS[f"{number}/grad.input.{key}"] = value.grad.clone()
    for key, value in parameters.items():
        TENSORS[f"{number}/grad.param.{key}"] = value.grad.clone()
    if module:
        for key, value in module.named_buffers():
            if value.is_floating_point():
                TENSORS[f"{number}/after.{key}"] = value.clone()
    TENSORS[f"{number}/output"] = output.detach().clone()
    TENSORS[f"{number}/cotangent"] = cotangent.half()
    CASES.append({"name": name, "kind": kind, "config": config})


def convolution(name, dimensions, shape, outputs, kernel, transposed=False, **options):
    inputs = shape[1]
    kinds = {
        (2, False): nn.Conv2d,
        (3, False): nn.Conv3d,
        (2, True): nn.ConvTranspose2d,
        (3, True): nn.ConvTranspose3d,
    }
    module = kinds[dimensions, transposed](inputs, outputs, kernel, **options)
    config = {"inputs": inputs, "outputs": outputs, "kernel": kernel, "dimensions": dimensions, **options}
    kind = "transposed" if transposed else "convolution"
    record(name, kind, config, {"x": draw(*shape)}, lambda x: module(x), module)


def convolutions():
    image, volume = (2, 4, 5, 4), (1, 4, 5, 4, 4)
    convolution("conv2d", 2, (3, 3, 3, 4), 2, 3, padding=1)
    convolution("conv2d-strided", 2, image, 3, 3, stride=2, padding=1)
    convolution("conv2d-anisotropic", 2, image, 3, [3, 2], stride=[2, 1], padding=[1, 0], bias=False)
    convolution("conv2d-one-voxel", 2, (1, 4, 1, 1), 3, 3, padding=1)
    convolution("conv2d-dilated", 2, image, 3, 3, padding=2, dilation=2)
    convolution("conv2d-dilated-strided", 2, image, 3, 3, stride=2, padding=[3, 2], dilation=[3, 2])
    convolution("conv2d-grouped", 2, image, 6, 3, stride=[1, 2], padding=1, groups=2)
    convolution("conv2d-depthwise", 2, image, 4, 3, stride=2, padding=1, groups=4)
    convolution("conv2d-depthwise-dilated", 2, image, 4, 3, padding=2, dilation=2, groups=4)
    convolution("conv2d-depthwise-widened", 2, image, 8, [1, 3], padding=[0, 1], groups=4)
    convolution("conv3d-dilated", 3, volume, 2, 3, padding=2, dilation=2)
    convolution("conv3d-dilated-strided", 3, volume, 2, 3, stride=2, padding=2, dilation=2)
    convolution("conv3d-dilated-anisotropic", 3, volume, 2, [2, 3, 3], stride=[3, 2, 2], padding=[1, 1, 3], dilation=[2, 1, 3])
    convolution("conv3d-grouped", 3, volume, 2, 3, stride=2, padding=1, groups=2)
    convolution("conv3d-grouped-dilated", 3, volume, 4, 2, stride=[1, 2, 1], padding=1, dilation=2, groups=2)
    convolution("conv3d-depthwise", 3, volume, 4, [1, 3, 3], padding=[0, 1, 1], groups=4)
    convolution("conv3d-depthwise-dilated", 3, volume, 4, 2, stride=2, padding=1, dilation=3, groups=4)
    convolution("transposed2d", 2, (1, 3, 3, 4), 2, 2, True, stride=2)
    convolution("transposed2d-extended", 2, (2, 3, 3, 4), 2, 3, True, stride=2, padding=1, output_padding=1)
    convolution("transposed2d-anisotropic", 2, (2, 3, 1, 4), 2, [3, 2], True, stride=[3, 1], padding=[1, 0], bias=False)


def normalised(name, kind, module, shape, training=True, **config):
    module.train(training)
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.copy_(draw(*parameter.shape))
    if isinstance(module, nn.BatchNorm2d):
        module.running_mean.copy_(draw(shape[1]))
        module.running_var.copy_(1 + torch.rand(shape[1]))
    config = {"channels": shape[1], "training": training, **config}
    record(name, kind, config, {"x": draw(*shape)}, lambda x: module(x), module)


def normalisations():
    normalised("batch-norm2d", "batch-norm", nn.BatchNorm2d(3), (3, 3, 5, 4))
    normalised("batch-norm2d-evaluation", "batch-norm", nn.BatchNorm2d(3), (2, 3, 5, 1), training=False)
    normalised("instance-norm2d", "instance-norm", nn.InstanceNorm2d(3, affine=True), (2, 3, 5, 4))
    normalised("group-norm2d", "group-norm", nn.GroupNorm(2, 6), (3, 6, 3, 4), groups=2)
    module = nn.LayerNorm(5)
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.copy_(draw(5))
    # Over the channels of a grid, as Swin has it.
    over_channels = lambda x: module(x.movedim(1, -1)).movedim(-1, 1)
    record("layer-norm2d", "layer-norm", {"channels": 5}, {"x": draw(2, 5, 3, 4)}, over_channels, module)


def resized(mode, corners, shape, size):
    name = mode + ("-corners" if corners else "")
    config = {"mode": name, "sides": size}
    run = lambda x: functional.interpolate(x, size, mode=mode, align_corners=corners)
    record(f"{name}-{len(size)}d", "resize", config, {"x": draw(*shape)}, run)


def sampled():
    image, volume = (2, 3, 5, 4), (1, 2, 3, 4, 2)
    record("max-pool2d", "max-pool", {"factor": [2, 2]}, {"x": draw(2, 3, 7, 4)}, lambda x: functional.max_pool2d(x, 2))
    record("max-pool2d-anisotropic", "max-pool", {"factor": [1, 3]}, {"x": draw(*image)}, lambda x: functional.max_pool2d(x, (1, 3)))
    record("average-pool2d", "average-pool", {"factor": [2, 2]}, {"x": draw(*image)}, lambda x: functional.avg_pool2d(x, 2))
    record("average-pool2d-anisotropic", "average-pool", {"factor": [3, 1]}, {"x": draw(*image)}, lambda x: functional.avg_pool2d(x, (3, 1)))
    for mode, corners in (("bilinear", False), ("bilinear", True), ("nearest", None)):
        resized(mode, corners, image, [8, 3])
    for mode, corners in (("trilinear", False), ("trilinear", True), ("nearest", None)):
        resized(mode, corners, volume, [5, 3, 1])


def attentions():
    plain = nn.MultiheadAttention(6, 2, batch_first=True)
    config = {"width": 6, "heads": 2}
    record("self-attention", "self-attention", config, {"x": draw(3, 5, 6)}, lambda x: plain(x, x, x)[0], plain)
    cross = nn.MultiheadAttention(6, 3, kdim=4, vdim=4, batch_first=True)
    config = {"width": 6, "heads": 3, "memoryWidth": 4}
    inputs = {"x": draw(2, 3, 6), "memory": draw(2, 5, 4)}
    record("cross-attention", "attention", config, inputs, lambda x, memory: cross(x, memory, memory)[0], cross)
    window = WindowAttention(6, 2, (2, 3), qkv_bias=True)
    config = {"width": 6, "heads": 2, "window": [2, 3]}
    record("window-attention2d", "window-attention", config, {"x": draw(4, 6, 6)}, lambda x: window(x, None), window)


def patches():
    convolution("patch-embedding2d", 2, (2, 3, 6, 4), 5, [3, 2], stride=[3, 2])
    CASES[-1]["kind"] = "patch-embedding"
    for shape in ((2, 4, 6, 3), (1, 3, 1, 3)):
        merging = PatchMergingV2(3, spatial_dims=2)
        name = f"patch-merging2d-{shape[1]}x{shape[2]}"
        record(name, "patch-merging", {"channels": 3}, {"x": draw(*shape)}, lambda x: merging(x), merging)


torch.manual_seed(20)
convolutions()
normalisations()
sampled()
attentions()
patches()
save_file({key: value.contiguous() for key, value in TENSORS.items()}, HERE / "layer-answers.safetensors")
lines = ",\n".join("  " + json.dumps(case) for case in CASES)
(HERE / "layer-answers.json").write_text(f"[\n{lines}\n]\n")
