"""Prepares a scan with MONAI for each line on standard input: load, RAS, 1.5x1.5x2 mm, window, crop to the foreground.
Answers each with a line of JSON: milliseconds and the peak memory of the process in MB."""
import json
import resource
import sys
import time

import torch
from monai.transforms import Compose, CropForeground, LoadImage, Orientation, ScaleIntensityRange, Spacing

path, threads = sys.argv[1], int(sys.argv[2])
torch.set_num_threads(threads)
prepare = Compose(
    [
        LoadImage(image_only=True, ensure_channel_first=True),
        Orientation("RAS", labels=(("L", "R"), ("P", "A"), ("I", "S"))),
        Spacing(pixdim=(1.5, 1.5, 2.0), mode="bilinear"),
        ScaleIntensityRange(-175, 250, 0.0, 1.0, clip=True),
        CropForeground(allow_smaller=True),
    ]
)
for _ in sys.stdin:
    start = time.perf_counter()
    prepare(path)
    elapsed = (time.perf_counter() - start) * 1000
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"ms": elapsed, "peakMb": peak}), flush=True)
