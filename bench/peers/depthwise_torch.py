"""PyTorch's depthwise 3-D convolution on the CPU, channels-last, for bench/depthwise.mjs.
PYTHON depthwise_torch.py KERNEL MODE SIDE CHANNELS THREADS
For each line on standard input it does `forward`, or `gradients`: forward and the gradients of input and filter. Answers each with a line of JSON:
milliseconds."""
import json
import sys
import time

import torch

kernel = tuple(int(side) for side in sys.argv[1].split("x"))
mode, side, channels, threads = sys.argv[2], *(int(value) for value in sys.argv[3:6])
torch.set_num_threads(threads)
torch.manual_seed(0)
layout = torch.channels_last_3d
layer = torch.nn.Conv3d(channels, channels, kernel, padding=tuple(each // 2 for each in kernel), groups=channels, bias=False)
layer = layer.to(memory_format=layout)
x, dy = (torch.randn(1, channels, side, side, side).to(memory_format=layout) for _ in range(2))


def work():
    if mode == "forward":
        with torch.no_grad():
            layer(x)
        return
    image = x.detach().requires_grad_(True)
    torch.autograd.grad(layer(image), [image, layer.weight], dy)


for _ in sys.stdin:
    start = time.perf_counter()
    work()
    print(json.dumps({"ms": (time.perf_counter() - start) * 1000}), flush=True)
