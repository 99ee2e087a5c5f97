"""Answers the questions of a folder: reads questions.json, a list of {kind, input}, and writes answers.json, a list of
lists of numbers (null where undefined), with SciPy's and NumPy's functions or the definition where they have none."""
import json
import sys
from pathlib import Path

import numpy as np
from scipy import ndimage, stats
from scipy.spatial import distance


def summary(values):
    described = stats.describe(values)
    return [described.mean, np.median(values), np.sqrt(described.variance), *described.minmax]


def wilcoxon(values, method):
    found = stats.wilcoxon(values, zero_method="wilcox", correction=False, method=method)
    return [found.statistic, found.pvalue]


def bootstrap(values, confidence, resamples):
    found = stats.bootstrap(
        (values,), np.mean, confidence_level=confidence, n_resamples=resamples, method="percentile", rng=np.random.default_rng(3)
    )
    return [found.confidence_interval.low, found.confidence_interval.high]


def paired(first, second):
    differences = np.subtract(first, second)
    ranks = stats.rankdata(np.abs(differences))
    biserial = (ranks[differences > 0].sum() - ranks[differences < 0].sum()) / ranks.sum()
    return [
        differences.mean(),
        stats.wilcoxon(first, second, method="exact").pvalue,
        biserial,
        differences.mean() / differences.std(ddof=1),
    ]


def holm(values):
    """The smallest level at which the step-down procedure rejects each hypothesis, found level by level."""
    values = np.asarray(values)
    adjusted = np.ones(len(values))
    levels = np.unique(np.clip(np.outer(values, np.arange(1, len(values) + 1)), 0, 1))
    for level in levels[::-1]:
        for place, index in enumerate(np.argsort(values)):
            if values[index] * (len(values) - place) > level * (1 + 1e-12):
                break
            adjusted[index] = level
    return adjusted.tolist()


def ranks(values, higher):
    signed = np.asarray(values) * (-1 if higher else 1)
    return stats.rankdata(signed, axis=0).mean(axis=1).tolist()


def entropy(rows, reference, bins):
    return stats.entropy(rows, axis=1).tolist()


def brier(rows, reference, bins):
    return [((np.asarray(rows) - np.eye(len(rows[0]))[reference]) ** 2).sum(axis=1).mean()]


def calibration(rows, reference, bins):
    rows = np.asarray(rows)
    confidence, right = rows.max(axis=1), rows.argmax(axis=1) == reference
    edges = np.linspace(0, 1, bins + 1)
    place = np.digitize(confidence, edges, right=True)
    gaps = [abs((confidence[place == k] - right[place == k]).sum()) for k in range(1, bins + 1)]
    return [sum(gaps) / len(rows)]


def masks_of(shape, prediction, reference):
    return [np.asarray(mask, dtype=bool).reshape(shape) for mask in (prediction, reference)]


def overlap(shape, spacing, prediction, reference):
    a, b = masks_of(shape, prediction, reference)
    both = (a & b).sum()
    millilitres = np.prod(spacing) / 1000
    return [
        1 - distance.dice(a.ravel(), b.ravel()),
        1 - distance.jaccard(a.ravel(), b.ravel()),
        both / a.sum(),
        both / b.sum(),
        b.sum() * millilitres,
        (int(a.sum()) - int(b.sum())) * millilitres,
    ]


def edge(mask):
    return mask & ~ndimage.binary_erosion(mask, border_value=0)


def distances(shape, spacing, prediction, reference):
    a, b = (edge(mask) for mask in masks_of(shape, prediction, reference))
    to_reference = ndimage.distance_transform_edt(~b, sampling=spacing)[a]
    to_prediction = ndimage.distance_transform_edt(~a, sampling=spacing)[b]
    both = np.concatenate([to_reference, to_prediction])
    larger = lambda q: max(np.percentile(to_reference, q), np.percentile(to_prediction, q))  # noqa: E731
    return [
        both.max(),
        larger(95),
        larger(50),
        both.mean(),
        to_reference.mean(),
        to_prediction.mean(),
        (both <= 1.5).mean(),
        np.percentile(both, 95),
    ]


def centre_of_mass(shape, spacing, prediction, reference):
    centres = [np.multiply(ndimage.center_of_mass(mask), spacing) for mask in masks_of(shape, prediction, reference)]
    return [np.linalg.norm(centres[0] - centres[1])]


def boundary(shape, spacing, prediction, reference, width):
    rims = []
    for mask in masks_of(shape, prediction, reference):
        padded = np.pad(mask, 1)
        rims.append(padded & (ndimage.distance_transform_edt(padded, sampling=spacing) <= width))
    union = (rims[0] | rims[1]).sum()
    return [(rims[0] & rims[1]).sum() / union if union else None]


def components(shape, spacing, prediction, reference, axes):
    structure = ndimage.generate_binary_structure(len(shape), axes)
    (a, count_a), (b, count_b) = (ndimage.label(mask, structure) for mask in masks_of(shape, prediction, reference))
    sizes = [*np.bincount(a.ravel())[1:], *np.bincount(b.ravel())[1:]]
    common = (a > 0) & (b > 0)
    found, matched = len(np.unique(b[common])), len(np.unique(a[common]))
    false_positive, false_negative = count_a - matched, count_b - found
    return [*sizes, found, false_positive, false_negative, 2 * found / (2 * found + false_positive + false_negative)]


ANSWERS = {
    "summary": summary,
    "wilcoxon exact": lambda values: wilcoxon(values, "exact"),
    "wilcoxon normal": lambda values: wilcoxon(values, "asymptotic"),
    "wilcoxon permutations": lambda values: wilcoxon(values, stats.PermutationMethod(n_resamples=np.inf)),
    "bootstrap": bootstrap,
    "paired": paired,
    "holm": holm,
    "ranks": ranks,
    "entropy": entropy,
    "brier": brier,
    "calibration": calibration,
    "overlap": overlap,
    "distances": distances,
    "centre of mass": centre_of_mass,
    "boundary": boundary,
    "components": components,
}

folder = Path(sys.argv[1])
questions = json.loads((folder / "questions.json").read_text())
answers = [ANSWERS[question["kind"]](**question["input"]) for question in questions]
numbers = [[None if value is None else float(value) for value in answer] for answer in answers]
(folder / "answers.json").write_text(json.dumps(numbers, allow_nan=False))
