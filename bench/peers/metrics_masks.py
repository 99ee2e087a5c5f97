"""The label maps of a folder, and the loop that answers each line on standard input with a line of JSON: milliseconds,
the peak memory of the process in MB, how far that is above the peak before the first turn, and the mean scores."""
import json
import resource
import sys
import time
from pathlib import Path

import numpy as np

LABELS = range(1, 16)


def load():
    folder, shape, spacing = sys.argv[1:4]
    shape = tuple(int(side) for side in shape.split("x"))
    maps = [np.fromfile(Path(folder) / name, np.uint8).reshape(shape) for name in ("prediction", "reference")]
    return (*maps, tuple(float(step) for step in spacing.split("x")))


def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def answer(work):
    before = peak()
    for _ in sys.stdin:
        start = time.perf_counter()
        scores = work()
        elapsed = (time.perf_counter() - start) * 1000
        means = {name: float(np.mean(np.asarray(values))) for name, values in scores.items()}
        print(json.dumps({"ms": elapsed, "peakMb": peak(), "overMb": peak() - before, **means}), flush=True)
