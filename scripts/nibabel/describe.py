"""Writes NIfTI files of every kind with nibabel, and describes them and those of other folders as nibabel reads them.

described.json lists name, path, and either shape, affine, type and raw voxels (C order, channels last), or the reason why
our reader refuses the file, with the codes it may do so by.
"""

import json
import sys
from itertools import product
from pathlib import Path

import nibabel
import numpy

SHAPE = (4, 3, 5)
TYPES = ["u1", "i1", "i2", "u2", "i4", "u4", "i8", "u8", "f4", "f8"]
CLASSES = {"1": nibabel.Nifti1Image, "2": nibabel.Nifti2Image}
TURNED = numpy.array([[0.98, -0.2, 0.1, -12.5], [0.15, 1.1, -0.25, 30.25], [-0.05, 0.2, 2.4, 7.75], [0, 0, 0, 1]])
ROTATED = numpy.array([[0.6, -1.6, 0, 10.1], [0.8, 1.2, 0, -20.7], [0, 0, 3.3, 5], [0, 0, 0, 1]])


def ramp(shape, kind):
    """Values that differ from voxel to voxel, negative ones where the type has them."""
    count = numpy.arange(numpy.prod(shape)) % 120
    offset = 0 if numpy.dtype(kind).kind == "u" else -60
    return (count + offset).astype(kind).reshape(shape)


def images():
    """Name and image of each file that is written."""
    for version, order, kind in product("12", "<>", TYPES):
        yield f"{version}-{'little' if order == '<' else 'big'}-{kind}.nii", image(version, SHAPE, order + kind)
    for version, order in product("12", "<>"):
        for kind in ["u1", "i2", "i4", "f4", "f8"]:
            scaled = image(version, SHAPE, order + kind)
            scaled.header.set_slope_inter(0.37, -5.5)
            yield f"{version}-{order == '<'}-{kind}-scaled.nii.gz", scaled
    for version in "12":
        yield from forms(version)
        yield from extents(version)
    big = numpy.array([1, -(2**40), 2**53 - 1], dtype="i8").reshape(3, 1, 1)
    yield "wide-integers.nii", nibabel.Nifti1Image(big, TURNED, dtype="i8")
    nans = ramp(SHAPE, "f4")
    nans[0, 0, 0], nans[1, 0, 0], nans[2, 0, 0] = numpy.nan, numpy.inf, -0.0
    yield "not-numbers.nii.gz", nibabel.Nifti1Image(nans, TURNED)


def image(version, shape, kind, affine=TURNED):
    made = CLASSES[version](ramp(shape, kind), affine, dtype=numpy.dtype(kind))
    return made if kind[0] != ">" else made.__class__(made.dataobj, affine, made.header.as_byteswapped(">"))


def forms(version):
    """Which of sform and qform there is, and what they say."""
    only_qform = image(version, SHAPE, "<i2", ROTATED)
    only_qform.set_sform(None)
    only_qform.set_qform(ROTATED, code=2)
    yield f"{version}-only-qform.nii", only_qform
    mirrored = image(version, SHAPE, "<i2", ROTATED)
    mirrored.set_sform(None)
    mirrored.set_qform(ROTATED @ numpy.diag([1, 1, -1, 1]), code=1)
    yield f"{version}-mirrored-qform.nii", mirrored
    neither = image(version, SHAPE, "<i2", ROTATED)
    neither.set_sform(None)
    neither.set_qform(None)
    neither.header.set_zooms((1.5, 0.5, 3))
    yield f"{version}-neither-form.nii", neither
    apart = image(version, SHAPE, "<i2", TURNED)
    apart.set_qform(ROTATED, code=1)
    apart.set_sform(TURNED, code=4)
    yield f"{version}-forms-apart.nii", apart


def extents(version):
    """Other numbers of dimensions, extensions, a pair."""
    for sides in [(6,), (6, 5), (1, 1, 1), (4, 3, 5, 2), (4, 3, 5, 1), (4, 3, 5, 1, 3), (1, 1, 1, 7)]:
        yield f"{version}-{'x'.join(map(str, sides))}.nii", image(version, sides, "<i2")
    extended = image(version, SHAPE, "<i2")
    extended.header.extensions.append(nibabel.nifti1.Nifti1Extension("comment", b"a comment " * 50))
    yield f"{version}-extension.nii.gz", extended
    pair = {"1": nibabel.Nifti1Pair, "2": nibabel.Nifti2Pair}[version]
    yield f"{version}-pair.hdr", pair(ramp(SHAPE, "<i2"), TURNED)


def refused_images():
    """Name, image, code and reason of files that our reader refuses."""
    code = "nifti-unsupported-datatype"
    for kind in ["c8", "c16"]:
        yield f"complex-{kind}.nii", nibabel.Nifti1Image(numpy.ones(SHAPE, kind), TURNED), code, "complex voxels"
    colour = numpy.zeros(SHAPE, [("R", "u1"), ("G", "u1"), ("B", "u1")])
    yield "colour.nii", nibabel.Nifti1Image(colour, TURNED), code, "RGB voxels"
    sides = (3, 2, 2, 2, 2)
    yield "two-channel-axes.nii", image("1", sides, "<i2"), "nifti-too-many-dimensions", "two channel axes"
    huge = numpy.full((2, 1, 1), 2**60, "i8")
    yield "huge-integers.nii", nibabel.Nifti1Image(huge, TURNED, dtype="i8"), "nifti-integer-range", "integers beyond 2^53"


def described(folder, path, name, number):
    """What nibabel reads: stored values, scaled in 64 bits, as the type that our reader promises for that storage."""
    try:
        loaded = nibabel.load(path)
        stored = numpy.asanyarray(loaded.dataobj.get_unscaled())
    except Exception as error:  # what nibabel cannot read, we refuse
        return {"name": name, "path": str(path), "reason": f"nibabel: {error}", "codes": ["not-nifti"]}
    if stored.dtype.kind in "cV":
        reason, codes = "complex or colour voxels", ["nifti-unsupported-datatype"]
        return {"name": name, "path": str(path), "reason": reason, "codes": codes}
    voxels = promised(stored, loaded.dataobj.slope, loaded.dataobj.inter)
    voxels = voxels.reshape(voxels.shape + (1,) * (3 - voxels.ndim)) if voxels.ndim < 3 else voxels
    channels = int(numpy.prod(voxels.shape[3:]))
    voxels = voxels.reshape(voxels.shape[:3] + (channels,))
    raw = f"{number}.raw"
    numpy.ascontiguousarray(voxels).astype(voxels.dtype.newbyteorder("<")).tofile(folder / raw)
    affine = loaded.affine.ravel().tolist()
    return {"name": name, "path": str(path), "shape": list(voxels.shape), "affine": affine, "type": voxels.dtype.name, "raw": raw}


def promised(stored, slope, inter):
    """The type of our README's table: the file's own; 64-bit integers as int32 or float64; scaled as float32 or float64."""
    if (slope, inter) != (1, 0):
        wide = stored.astype("f8") * slope + inter
        small = stored.dtype.itemsize <= 2 or stored.dtype.kind == "f" and stored.dtype.itemsize == 4
        return wide.astype("f4") if small else wide
    if stored.dtype.kind in "iu" and stored.dtype.itemsize == 8:
        fits = stored.size == 0 or (stored.astype("f8") == stored.astype("i4")).all()
        return stored.astype("i4" if fits else "f8")
    return stored.astype(stored.dtype.newbyteorder("="))


def main():
    folder, others = Path(sys.argv[1]), [Path(name) for name in sys.argv[2:]]
    files = []
    for name, made in images():
        nibabel.save(made, folder / name)
        files.append((folder / name, name))
    for other in others:
        found = sorted(path for path in other.rglob("*") if path.name.endswith((".nii", ".nii.gz", ".hdr")))
        files += [(path, f"io/{path.relative_to(other)}") for path in found]
    answers = [described(folder, path, name, number) for number, (path, name) in enumerate(files)]
    for name, made, code, reason in refused_images():
        nibabel.save(made, folder / name)
        answers.append({"name": name, "path": str(folder / name), "reason": reason, "codes": [code]})
    (folder / "described.json").write_text(json.dumps(answers))


main()
