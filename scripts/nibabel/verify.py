"""Compares the files of a folder with expected.json by nibabel, and writes verdicts.json: one fault, or none, a file."""

import json
import sys
from pathlib import Path

import nibabel
import numpy


def fault_of(folder, expected):
    image = nibabel.load(folder / expected["file"])
    voxels = numpy.asanyarray(image.dataobj)
    raw = numpy.fromfile(folder / f"{expected['file']}.raw", dtype=expected["type"]).reshape(expected["shape"])
    affine = numpy.array(expected["affine"], dtype="<f8").reshape(4, 4)
    if image.shape != tuple(expected["shape"]):
        return f"shape {image.shape}, expected {expected['shape']}"
    if image.get_data_dtype() != numpy.dtype(expected["type"]):
        return f"type {image.get_data_dtype()}, expected {expected['type']}"
    if not numpy.array_equal(image.affine, affine):
        return f"affine {image.affine.tolist()}, expected {affine.tolist()}"
    if "".join(nibabel.aff2axcodes(image.affine)) != expected["code"]:
        return f"orientation {nibabel.aff2axcodes(image.affine)}, expected {expected['code']}"
    if not numpy.array_equal(voxels, raw):
        return "other voxels than were written"
    return fault_of_forms(image) or fault_of_mask(folder, image, expected)


def fault_of_forms(image):
    """The sform is always there; a qform that is there puts every voxel within a thousandth of a millimetre."""
    header = image.header
    if header["sform_code"] != 1:
        return f"sform code {header['sform_code']}, expected 1"
    if header["qform_code"] == 0:
        return ""
    corners = numpy.array(numpy.meshgrid(*[[0, side - 1] for side in image.shape[:3]])).reshape(3, -1)
    apart = (header.get_qform() - image.affine) @ numpy.vstack([corners, numpy.ones(8)])
    worst = numpy.abs(apart).max()
    return "" if worst < 1e-3 else f"its qform lies {worst} mm away from its sform"


def fault_of_mask(folder, image, expected):
    """A mask lies on the grid of its scan: each bit of both forms is the same."""
    if "like" not in expected:
        return ""
    scan = nibabel.load(folder / expected["like"])
    fields = ["sform_code", "qform_code", "quatern_b", "quatern_c", "quatern_d", "qoffset_x", "qoffset_y", "qoffset_z"]
    fields += ["srow_x", "srow_y", "srow_z"]
    apart = [name for name in fields if image.header[name].tobytes() != scan.header[name].tobytes()]
    if image.header["pixdim"][:4].tobytes() != scan.header["pixdim"][:4].tobytes():
        apart.append("pixdim")
    if apart or image.affine.tobytes() != scan.affine.tobytes():
        return f"other bits than its scan in {', '.join(apart) or 'the affine'}"
    if image.get_data_dtype() != numpy.uint8:
        return f"a mask of 0 and 1 as {image.get_data_dtype()}"
    share = numpy.asanyarray(image.dataobj).mean()
    return "" if 0.2 < share < 0.8 else f"{share:.0%} of its voxels are set, about half was drawn"


def main():
    folder = Path(sys.argv[1])
    verdicts = []
    for expected in json.loads((folder / "expected.json").read_text()):
        try:
            fault = fault_of(folder, expected)
        except Exception as error:  # whatever nibabel says of a file is the fault of that file
            fault = f"nibabel: {error}"
        verdicts.append({"name": expected["file"], "fault": fault})
    (folder / "verdicts.json").write_text(json.dumps(verdicts))


main()
