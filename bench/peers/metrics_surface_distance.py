"""DSC, HD95 and NSD at 1 mm of each label by surface-distance, which compares two masks at a time."""
import surface_distance
from metrics_masks import LABELS, answer, load

prediction, reference, spacing = load()


def evaluate():
    scores = {"dsc": [], "hd95": [], "nsd": []}
    for label in LABELS:
        theirs, ours = reference == label, prediction == label
        distances = surface_distance.compute_surface_distances(theirs, ours, spacing)
        scores["dsc"].append(surface_distance.compute_dice_coefficient(theirs, ours))
        scores["hd95"].append(surface_distance.compute_robust_hausdorff(distances, 95))
        scores["nsd"].append(surface_distance.compute_surface_dice_at_tolerance(distances, 1.0))
    return scores


answer(evaluate)
