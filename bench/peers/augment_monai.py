"""One patch of 96^3 through MONAI's form of the CT augmentation for each line on standard input.
Answers each with a line of JSON: milliseconds and the peak memory of the process in MB."""
import json
import resource
import sys
import time

import numpy as np
import torch
from monai.transforms import Compose, RandAffined, RandShiftIntensityd

side, threads = int(sys.argv[1]), int(sys.argv[2])
torch.set_num_threads(threads)
generator = np.random.default_rng(1)
patch = {
    "image": torch.from_numpy(generator.random((1, side, side, side), dtype=np.float32)),
    "label": torch.from_numpy(generator.integers(0, 4, (1, side, side, side), dtype=np.uint8)),
}
augment = Compose(
    [
        RandShiftIntensityd("image", offsets=0.1, prob=0.5),
        RandAffined(
            ("image", "label"),
            prob=1.0,
            rotate_range=(0, 0, np.pi / 30),
            scale_range=(0.1, 0.1, 0.1),
            mode=("bilinear", "nearest"),
            padding_mode="reflection",
            spatial_size=(side, side, side),
        ),
    ]
).set_random_state(5)
for _ in sys.stdin:
    start = time.perf_counter()
    augment(patch)
    elapsed = (time.perf_counter() - start) * 1000
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"ms": elapsed, "peakMb": peak}), flush=True)
