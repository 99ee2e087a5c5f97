import { gzipSync } from 'node:zlib';
import { DATA_OFFSET, niftiFile } from './nifti-file.mjs';
import { noise } from './noise.mjs';

/** Files that end at every place that matters: inside the header, the extensions, the voxels, and the gzip frame. */
export function cutFiles() {
  return [1, 2].flatMap((version) => [...cutPlain(version), ...cutCompressed(version)]);
}

function cutPlain(version) {
  const whole = niftiFile({ version });
  const header = version === 1 ? 348 : 540;
  const offset = DATA_OFFSET[version];
  const places = [
    0,
    1,
    3,
    4,
    40,
    100,
    347,
    348,
    header - 1,
    header,
    offset - 1,
    offset,
    offset + 1,
    offset + 119,
  ];
  return [...new Set(places)].flatMap((place) => {
    const bytes = whole.subarray(0, place);
    const code = place < header ? 'not-nifti' : 'nifti-truncated';
    return [
      { name: `cut/nifti-${version}-at-${place}.nii`, code, bytes },
      { name: `cut/nifti-${version}-at-${place}-then-gzip.nii.gz`, code, bytes: gzipSync(bytes) },
    ];
  });
}

function cutCompressed(version) {
  const whole = gzipSync(niftiFile({ version, voxels: noise(120) }));
  const places = [
    1,
    2,
    3,
    9,
    10,
    11,
    20,
    whole.length - 60,
    whole.length - 9,
    whole.length - 8,
    whole.length - 1,
  ];
  return places.map((place) => ({
    name: `cut/gzip-of-nifti-${version}-at-${place}.nii.gz`,
    // At first there may be nothing to judge; then either the stream is found cut, or its last bytes, read
    // as a trailer, name too small a size.
    code: place < 60 ? ['not-nifti', 'nifti-gzip'] : ['nifti-gzip', 'nifti-truncated'],
    bytes: whole.subarray(0, place),
  }));
}
