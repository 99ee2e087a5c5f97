"""DSC, HD95 and NSD at 1 mm of each label by MONAI, which takes label maps as one channel a label."""
import warnings

import torch
from metrics_masks import LABELS, answer, load
from monai.metrics import compute_dice, compute_hausdorff_distance, compute_surface_dice
from monai.networks import one_hot

warnings.filterwarnings("ignore")
torch.set_num_threads(1)
prediction, reference, spacing = load()


def channels(label_map):
    return one_hot(torch.from_numpy(label_map)[None, None], num_classes=len(LABELS) + 1, dtype=torch.uint8)


def evaluate():
    ours, theirs = channels(prediction), channels(reference)
    return {
        "dsc": compute_dice(ours, theirs, include_background=False),
        "hd95": compute_hausdorff_distance(ours, theirs, percentile=95, spacing=spacing),
        "nsd": compute_surface_dice(ours, theirs, [1.0] * len(LABELS), spacing=spacing),
    }


answer(evaluate)
