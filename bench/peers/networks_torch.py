"""One network of MONAI or dynamic-network-architectures on the CPU, for bench/networks.mjs.
PYTHON networks_torch.py NETWORK SIDE MODE THREADS FOLDER
Writes its weights, an input and its output in evaluation to FOLDER/peer.safetensors, then does its work for each line on
standard input: `forward` in evaluation, or `train`: forward, mean square of the output, backward, AdamW. Answers each line with
a line of JSON: milliseconds and the peak memory of the process during the work in MB. Linux only."""
import ctypes
import gc
import json
import os
import re
import sys
import time

import torch
from safetensors.torch import save_file

network, side, mode, threads, folder = sys.argv[1], int(sys.argv[2]), sys.argv[3], int(sys.argv[4]), sys.argv[5]
torch.set_num_threads(threads)
torch.manual_seed(0)


def build(name):
    import monai.networks.nets as nets

    channels = {"in_channels": 1, "out_channels": 16}
    if name == "unet":
        return nets.UNet(spatial_dims=3, channels=(16, 32, 64, 128, 256), strides=(2, 2, 2, 2), num_res_units=2, **channels)
    if name == "segresnet":
        return nets.SegResNet(spatial_dims=3, init_filters=16, blocks_down=(1, 2, 2, 4), blocks_up=(1, 1, 1), **channels)
    if name == "dynunet":
        return nets.DynUNet(
            spatial_dims=3,
            kernel_size=[3] * 6,
            strides=[1, 2, 2, 2, 2, 2],
            upsample_kernel_size=[2] * 5,
            filters=[32, 64, 128, 256, 320, 320],
            **channels,
        )
    if name == "swin-unetr":
        return nets.SwinUNETR(feature_size=48, **channels)
    if name == "unetr":
        return nets.UNETR(img_size=(side, side, side), **channels)
    if name == "unet-plusplus":
        return nets.BasicUNetPlusPlus(**channels)
    if name == "mednext":
        return nets.MedNeXt(spatial_dims=3, kernel_size=3, use_residual_connection=True, **channels)
    from dynamic_network_architectures.architectures import unet

    shared = {
        "input_channels": 1,
        "n_stages": 6,
        "features_per_stage": [32, 64, 128, 256, 320, 320],
        "conv_op": torch.nn.Conv3d,
        "kernel_sizes": [3] * 6,
        "strides": [1, 2, 2, 2, 2, 2],
        "num_classes": 16,
        "conv_bias": True,
        "norm_op": torch.nn.InstanceNorm3d,
        "norm_op_kwargs": {"eps": 1e-5, "affine": True},
        "nonlin": torch.nn.LeakyReLU,
        "nonlin_kwargs": {"inplace": True},
        "deep_supervision": False,
    }
    if name == "nnunet-plain":
        return unet.PlainConvUNet(n_conv_per_stage=[2] * 6, n_conv_per_stage_decoder=[2] * 5, **shared)
    return unet.ResidualEncoderUNet(n_blocks_per_stage=[1, 3, 4, 6, 6, 6], n_conv_per_stage_decoder=[1] * 5, **shared)


def first(output):
    return output[0] if isinstance(output, (list, tuple)) else output


model = build(network)
x = torch.randn(1, 1, side, side, side)
model.eval()
with torch.no_grad():
    output = first(model(x))
tensors = {f"param.{key}": value for key, value in model.state_dict().items() if value.is_floating_point()}
tensors = {key: value.detach().clone().contiguous() for key, value in {**tensors, "input": x, "output": output}.items()}
save_file(tensors, os.path.join(folder, "peer.safetensors"))
del tensors, output
gc.collect()
ctypes.CDLL(None).malloc_trim(0)
model.train(mode == "train")
optimiser = torch.optim.AdamW(model.parameters(), lr=1e-4, weight_decay=1e-5)


def work():
    if mode == "forward":
        with torch.no_grad():
            model(x)
        return
    optimiser.zero_grad(set_to_none=True)
    first(model(x)).square().mean().backward()
    optimiser.step()


def forget_peak():
    with open("/proc/self/clear_refs", "w") as file:
        file.write("5")


def peak_mb():
    with open("/proc/self/status") as file:
        return int(re.search(r"VmHWM:\s+(\d+)", file.read()).group(1)) / 1024


for _ in sys.stdin:
    forget_peak()
    start = time.perf_counter()
    work()
    elapsed = (time.perf_counter() - start) * 1000
    print(json.dumps({"ms": elapsed, "peakMb": peak_mb()}), flush=True)
