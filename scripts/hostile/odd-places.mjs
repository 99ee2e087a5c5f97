import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { niftiFile } from './nifti-file.mjs';

const FOUR_GIGABYTES = 2 ** 32;
const header = niftiFile({ pair: true }).subarray(0, 348);

/**
 * Pairs with a missing or wrong half, sparse files, and what is no file at all. `make(path)` puts an entry in its place.
 * Folders, pipes and links need a POSIX system.
 */
export function oddPlaces() {
  return [...pairs(), ...sparse(), ...(process.platform === 'win32' ? [] : notFiles())].map((entry) => ({
    ...entry,
    name: `places/${entry.name}`,
  }));
}

function pairs() {
  const beside = (path, bytes) => writeFileSync(path.replace(/hdr$/, 'img'), bytes);
  const pair = (name, code, image, bytes = header) => ({
    name: `${name}.hdr`,
    code,
    make: (path) => {
      writeFileSync(path, bytes);
      if (image !== undefined) beside(path, image);
    },
  });
  return [
    pair('without-image', 'file-missing'),
    pair('image-empty', 'nifti-truncated', new Uint8Array(0)),
    pair('image-one-short', 'nifti-truncated', new Uint8Array(119)),
    pair('header-empty', 'not-nifti', new Uint8Array(120), new Uint8Array(0)),
    pair('header-cut', 'not-nifti', new Uint8Array(120), header.subarray(0, 347)),
    pair(
      'offset-beyond-image',
      'nifti-truncated',
      new Uint8Array(120),
      niftiFile({ pair: true }, { vox_offset: 4000 }),
    ),
    pair(
      'offset-negative',
      'nifti-bad-offset',
      new Uint8Array(120),
      niftiFile({ pair: true }, { vox_offset: -4 }),
    ),
    { name: 'pair-named-nii.nii', code: 'nifti-pair', make: (path) => writeFileSync(path, header) },
    {
      name: 'image-is-a-folder.hdr',
      code: 'not-a-file',
      make: (path) => {
        writeFileSync(path, header);
        mkdirSync(path.replace(/hdr$/, 'img'));
      },
    },
  ];
}

/** Files of 4 GB that take no room on the disk. */
function sparse() {
  const grown = (name, code, bytes) => ({
    name,
    code,
    make: (path) => {
      writeFileSync(path, bytes);
      truncateSync(path, FOUR_GIGABYTES);
    },
  });
  const whole = gzipSync(niftiFile());
  const claim = niftiFile({}, { dim: [3, 2048, 1024, 1024, 1, 1, 1, 1], datatype: 64, bitpix: 64 });
  return [
    grown('sparse-4-gb-zeros.nii', 'not-nifti', new Uint8Array(0)),
    grown('sparse-4-gb-zeros.nii.gz', 'not-nifti', new Uint8Array(0)),
    grown('sparse-4-gb-gzip-frame.nii.gz', 'nifti-gzip', whole.subarray(0, 10)),
    grown('sparse-4-gb-gzip-cut.nii.gz', 'nifti-gzip', whole.subarray(0, 60)),
    grown('sparse-4-gb-claims-17-gb.nii', 'nifti-truncated', claim),
    grown('sparse-4-gb-bad-spacing.nii', 'nifti-bad-spacing', niftiFile({}, { pixdim: Array(8).fill(0) })),
    grown('sparse-4-gb-surplus.nii', null, niftiFile()),
    grown('sparse-4-gb-surplus.nii.gz', null, whole),
  ];
}

function notFiles() {
  const link = (target) => (path) => symlinkSync(target, path);
  return [
    { name: 'pipe.nii', code: 'not-a-file', make: (path) => execFileSync('mkfifo', [path]) },
    { name: 'pipe.nii.gz', code: 'not-a-file', make: (path) => execFileSync('mkfifo', [path]) },
    { name: 'pipe.hdr', code: 'not-a-file', make: (path) => execFileSync('mkfifo', [path]) },
    { name: 'endless-zeros.nii', code: 'not-a-file', make: link('/dev/zero') },
    { name: 'endless-noise.nii.gz', code: 'not-a-file', make: link('/dev/urandom') },
    { name: 'nothing.nii', code: 'not-a-file', make: link('/dev/null') },
    { name: 'dangling-link.nii', code: 'file-missing', make: link('nowhere.nii') },
    { name: 'link-to-itself.nii', code: 'file-unreadable', make: link('link-to-itself.nii') },
  ];
}
