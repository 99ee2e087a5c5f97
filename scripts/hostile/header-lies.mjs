import { gzipSync } from 'node:zlib';
import { niftiFile } from './nifti-file.mjs';

const { NaN: nan, POSITIVE_INFINITY: inf } = Number;
const FAR = 2n ** 62n;

const dim = (...sides) => [...sides, 1, 1, 1, 1, 1, 1, 1].slice(0, 8);
const withSide = (axis, side) => dim(3, ...[3, 4, 5].map((honest, i) => (i === axis ? side : honest)));
const withStep = (axis, step) =>
  [1, 1, 1, 1, 1, 1, 1, 1].map((honest, i) => (i === axis + 1 ? step : honest));
const qform = { sform_code: 0, qform_code: 1 };

/** Name, fields, code: lies that either version can tell. */
const LIES = [
  ['rank-0', { dim: dim(0, 3, 4, 5) }, 'nifti-bad-dimensions'],
  ['rank-negative', { dim: dim(-1, 3, 4, 5) }, 'nifti-bad-dimensions'],
  ['rank-8', { dim: dim(8, 3, 4, 5) }, 'nifti-bad-dimensions'],
  ['rank-32767', { dim: dim(32767, 3, 4, 5) }, 'nifti-bad-dimensions'],
  ...[0, 1, 2].flatMap((axis) => [
    [`side-${axis}-zero`, { dim: withSide(axis, 0) }, 'nifti-bad-dimensions'],
    [`side-${axis}-negative`, { dim: withSide(axis, -1) }, 'nifti-bad-dimensions'],
    [`side-${axis}-least`, { dim: withSide(axis, -32768) }, 'nifti-bad-dimensions'],
    [`side-${axis}-one-more`, { dim: withSide(axis, 6) }, 'nifti-truncated'],
    [`spacing-${axis}-zero`, { pixdim: withStep(axis, 0) }, 'nifti-bad-spacing'],
    [`spacing-${axis}-negative`, { pixdim: withStep(axis, -1) }, 'nifti-bad-spacing'],
    [`spacing-${axis}-nan`, { pixdim: withStep(axis, nan) }, 'nifti-bad-spacing'],
    [`spacing-${axis}-infinite`, { pixdim: withStep(axis, inf) }, 'nifti-bad-spacing'],
  ]),
  ['channels-zero', { dim: dim(4, 3, 4, 5, 0) }, 'nifti-bad-dimensions'],
  ['fifth-side-negative', { dim: dim(5, 3, 4, 5, 1, -2) }, 'nifti-bad-dimensions'],
  ['seventh-side-zero', { dim: [7, 3, 4, 5, 1, 1, 1, 0] }, 'nifti-bad-dimensions'],
  ['two-channel-axes', { dim: dim(5, 3, 1, 1, 2, 2) }, 'nifti-too-many-dimensions'],
  ['claims-4-gb', { dim: dim(3, 1024, 1024, 2048) }, 'nifti-truncated'],
  ['claims-281-tb', { dim: dim(3, 32767, 32767, 32767), datatype: 64, bitpix: 64 }, 'nifti-too-large'],
  ['claims-all-seven', { dim: [7, 32767, 32767, 32767, 32767, 32767, 32767, 32767] }, 'nifti-too-large'],
  ['wraps-32-bits', { dim: dim(5, 16384, 16384, 16, 1, 1) }, 'nifti-too-large'],
  ...[1, 32, 128, 1536, 1792, 2048, 2304].map((datatype) => [
    `datatype-${datatype}`,
    { datatype, bitpix: 64 },
    'nifti-unsupported-datatype',
  ]),
  ['datatype-zero', { datatype: 0 }, 'nifti-unsupported-datatype'],
  ['datatype-negative', { datatype: -4 }, 'nifti-unsupported-datatype'],
  ['datatype-unknown', { datatype: 32767 }, 'nifti-unsupported-datatype'],
  ['bitpix-zero', { bitpix: 0 }, 'nifti-bad-datatype'],
  ['bitpix-8', { bitpix: 8 }, 'nifti-bad-datatype'],
  ['bitpix-negative', { bitpix: -16 }, 'nifti-bad-datatype'],
  ['slope-nan', { scl_slope: nan }, 'nifti-bad-scaling'],
  ['slope-infinite', { scl_slope: inf }, 'nifti-bad-scaling'],
  ['intercept-nan', { scl_inter: nan }, 'nifti-bad-scaling'],
  ['intercept-infinite', { scl_inter: -inf }, 'nifti-bad-scaling'],
  ['offset-zero', { vox_offset: 0 }, 'nifti-bad-offset'],
  ['offset-inside-header', { vox_offset: 300 }, 'nifti-bad-offset'],
  ['offset-negative', { vox_offset: -352 }, 'nifti-bad-offset'],
  ['offset-beyond-file', { vox_offset: 5000 }, 'nifti-truncated'],
  ['offset-of-a-gigabyte', { vox_offset: 2 ** 30 }, 'nifti-too-large'],
  ['srow-nan', { srow: [nan, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0] }, 'nifti-bad-affine'],
  ['srow-infinite', { srow: [1, 0, 0, inf, 0, 1, 0, 0, 0, 0, 1, 0] }, 'nifti-bad-affine'],
  ['srow-zero', { srow: Array(12).fill(0) }, 'nifti-bad-affine'],
  ['srow-flat', { srow: [1, 0, 0, 0, 2, 0, 0, 0, 0, 0, 1, 0] }, 'nifti-bad-affine'],
  ['quaternion-long', { ...qform, quatern: [0.9, 0.9, 0] }, 'nifti-bad-affine'],
  ['quaternion-nan', { ...qform, quatern: [nan, 0, 0] }, 'nifti-bad-affine'],
  ['quaternion-infinite', { ...qform, quatern: [0, inf, 0] }, 'nifti-bad-affine'],
  ['qoffset-nan', { ...qform, qoffset: [0, nan, 0] }, 'nifti-bad-affine'],
  ['qoffset-infinite', { ...qform, qoffset: [0, 0, -inf] }, 'nifti-bad-affine'],
];

/** Lies that need the field types of one version. */
const LIES_OF = {
  1: [
    ['offset-nan', { vox_offset: nan }, 'nifti-bad-offset'],
    ['offset-infinite', { vox_offset: inf }, 'nifti-bad-offset'],
    ['offset-between-bytes', { vox_offset: 352.5 }, 'nifti-bad-offset'],
    ['offset-largest', { vox_offset: 3e38 }, 'nifti-too-large'],
    ['header-size-0', { sizeof_hdr: 0 }, 'not-nifti'],
    ['header-size-349', { sizeof_hdr: 349 }, 'not-nifti'],
    ['header-size-of-version-2', { sizeof_hdr: 540 }, 'not-nifti'],
  ],
  2: [
    ['sides-2-to-62', { dim: dim(3, FAR, FAR, FAR) }, 'nifti-too-large'],
    ['sides-wrap-to-zero', { dim: dim(3, 2n ** 32n, 2n ** 32n, 1) }, 'nifti-too-large'],
    ['sides-wrap-to-120-bytes', { dim: dim(3, 2n ** 61n + 15n, 4, 1) }, 'nifti-too-large'],
    ['side-most-negative', { dim: dim(3, -(2n ** 63n), 4, 5) }, 'nifti-bad-dimensions'],
    ['rank-2-to-62', { dim: dim(FAR, 3, 4, 5) }, 'nifti-bad-dimensions'],
    ['offset-2-to-62', { vox_offset: FAR }, 'nifti-too-large'],
    ['offset-most-negative', { vox_offset: -(2n ** 63n) }, 'nifti-bad-offset'],
    ['srow-overflowing', { srow: [1e200, 0, 0, 0, 0, 1e200, 0, 0, 0, 0, 1e200, 0] }, 'nifti-bad-affine'],
    ['srow-underflowing', { srow: [1e-200, 0, 0, 0, 0, 1e-200, 0, 0, 0, 0, 1, 0] }, 'nifti-bad-affine'],
    ['header-size-of-version-1', { sizeof_hdr: 348 }, 'not-nifti'],
    ['header-size-negative', { sizeof_hdr: -540 }, 'not-nifti'],
  ],
};

/** Every lie in both versions and byte orders, plain; and gzip-compressed in little-endian. */
export function headerLies() {
  return [1, 2].flatMap((version) =>
    [...LIES, ...LIES_OF[version]].flatMap(([lie, fields, code]) => {
      const little = niftiFile({ version }, fields);
      const big = niftiFile({ version, bigEndian: true }, fields);
      return [
        { name: `nifti-${version}/little/${lie}.nii`, code, bytes: little },
        { name: `nifti-${version}/big/${lie}.nii`, code, bytes: big },
        { name: `nifti-${version}/gzip/${lie}.nii.gz`, code, bytes: gzipSync(little) },
      ];
    }),
  );
}
