import { constants, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { niftiFile } from './nifti-file.mjs';
import { noise } from './noise.mjs';

const MEGABYTE = 2 ** 20;
const FRAME = Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255);
const LAST_BLOCK = Uint8Array.of(3, 0);

/** Bombs, damaged streams and frames that lie. `code: null` marks those that are read, because what is promised is there. */
export function gzipStreams() {
  return [...bombs(), ...damaged(), ...odd()].map(({ name, ...rest }) => ({
    name: `gzip/${name}.nii.gz`,
    ...rest,
  }));
}

function bombs() {
  const honest = niftiFile();
  const gigabyte = niftiFile({}, { dim: [3, 1024, 1024, 512, 1, 1, 1, 1] });
  const size = 352 + 2 ** 30;
  const half = Buffer.concat([claiming(2).subarray(0, 352), noise(MEGABYTE)]);
  const almost = zerosAfter(gigabyte.subarray(0, 352), size - 1);
  return [
    { name: 'zeros-64-mb', code: 'not-nifti', bytes: gzipSync(new Uint8Array(64 * MEGABYTE)) },
    { name: 'zeros-1-gb', code: 'not-nifti', bytes: framed(zerosAfter(new Uint8Array(0), 2 ** 30), 2 ** 30) },
    { name: 'voxels-1-gb-but-one', code: 'nifti-truncated', bytes: framed(almost, size - 1) },
    { name: 'claims-1-gb-in-100-bytes', code: 'nifti-truncated', bytes: gzipSync(gigabyte) },
    {
      name: 'claims-2-mb-with-lying-trailer',
      code: 'nifti-gzip',
      bytes: framed([segment(half)], 352 + 2 * MEGABYTE),
    },
    {
      name: 'claims-1-gb-then-noise',
      code: 'nifti-gzip',
      bytes: framed([segment(gigabyte), noise(2 * MEGABYTE)], size),
    },
    { name: 'nested', code: 'not-nifti', bytes: gzipSync(gzipSync(honest)) },
    { name: 'nested-ten-deep', code: 'not-nifti', bytes: nested(honest, 10) },
    {
      name: 'empty-members-50000',
      code: 'not-nifti',
      bytes: Buffer.concat(Array(50_000).fill(gzipSync(new Uint8Array(0)))),
    },
    {
      name: 'truncated-then-50000-members',
      code: 'nifti-truncated',
      bytes: Buffer.concat([gzipSync(gigabyte), ...Array(50_000).fill(gzipSync(new Uint8Array(0)))]),
    },
    {
      name: 'surplus-64-mb',
      code: null,
      bytes: gzipSync(Buffer.concat([honest, new Uint8Array(64 * MEGABYTE)])),
    },
    { name: 'surplus-1-gb', code: null, bytes: framed(zerosAfter(honest, 2 ** 30), 2 ** 30) },
  ];
}

function damaged() {
  const whole = gzipSync(niftiFile({ voxels: noise(120) }));
  const flipped = (fromEnd) => whole.map((byte, i) => (i === whole.length - fromEnd ? byte ^ 0x41 : byte));
  return [
    ...[5, 6, 7, 8].map((fromEnd) => ({
      name: `checksum-wrong-${fromEnd}`,
      code: 'nifti-gzip',
      bytes: flipped(fromEnd),
    })),
    { name: 'size-too-large', code: 'nifti-gzip', bytes: withSize(whole, 0x7fffffff) },
    { name: 'size-too-small', code: ['nifti-gzip', 'nifti-truncated'], bytes: withSize(whole, 100) },
    { name: 'block-type-3', code: 'nifti-gzip', bytes: framed([Uint8Array.of(7, 0, 0, 0)], 472) },
    { name: 'stored-length-wrong', code: 'nifti-gzip', bytes: framed([Uint8Array.of(1, 9, 9, 9, 9)], 472) },
    {
      name: 'distance-too-far',
      code: 'nifti-gzip',
      bytes: framed([Uint8Array.of(0x63, 0, 2, 0, 0xff)], 472),
    },
    { name: 'ones', code: 'nifti-gzip', bytes: Buffer.concat([FRAME, Buffer.alloc(5000, 0xff)]) },
    { name: 'zeros-after-frame', code: 'nifti-gzip', bytes: Buffer.concat([FRAME, Buffer.alloc(5000)]) },
    ...[30, 60, 90].map((place) => ({
      name: `byte-${place}-inverted`,
      code: ['nifti-gzip', 'not-nifti'],
      bytes: whole.map((byte, i) => (i === place ? byte ^ 0xff : byte)),
    })),
  ];
}

function odd() {
  const honest = niftiFile();
  const whole = gzipSync(honest);
  const withFlags = (flags, fields = []) => Buffer.concat([whole.subarray(0, 3), Buffer.from([flags]), whole.subarray(4, 10), ...fields, whole.subarray(10)]); // biome-ignore format: one frame
  const method = (value) => whole.map((byte, i) => (i === 2 ? value : byte));
  return [
    { name: 'reserved-flags', code: 'nifti-gzip', bytes: withFlags(0xe0) },
    {
      name: 'name-of-20-kb',
      code: null,
      bytes: withFlags(8, [Buffer.alloc(20_000, 65), Buffer.of(0)]),
    },
    { name: 'name-without-end', code: ['not-nifti', 'nifti-gzip'], bytes: Buffer.concat([whole.subarray(0, 3), Buffer.of(8), Buffer.alloc(MEGABYTE, 65)]) }, // biome-ignore format: one frame
    {
      name: 'comment-of-64-kb',
      code: null,
      bytes: withFlags(16, [Buffer.alloc(65_536, 65), Buffer.of(0)]),
    },
    {
      name: 'extra-of-64-kb',
      code: null,
      bytes: withFlags(4, [Buffer.of(0xff, 0xff), Buffer.alloc(65_535)]),
    },
    {
      name: 'extra-beyond-file',
      code: ['not-nifti', 'nifti-gzip'],
      bytes: withFlags(4, [Buffer.of(0xff, 0xff)]),
    },
    { name: 'header-checksum-wrong', code: 'nifti-gzip', bytes: withFlags(2, [Buffer.of(1, 2)]) },
    ...[0, 7, 9].map((value) => ({ name: `method-${value}`, code: 'not-nifti', bytes: method(value) })),
    { name: 'second-magic-wrong', code: 'not-nifti', bytes: whole.map((byte, i) => (i === 1 ? 0x8c : byte)) },
    { name: 'zlib-instead', code: 'not-nifti', bytes: deflateSync(honest) },
    { name: 'raw-deflate-instead', code: 'not-nifti', bytes: deflateRawSync(honest) },
    { name: 'text-inside', code: 'not-nifti', bytes: gzipSync(Buffer.from('patient '.repeat(1000))) },
    { name: 'nothing-inside', code: 'not-nifti', bytes: gzipSync(new Uint8Array(0)) },
    { name: 'pair-header-inside', code: 'nifti-pair', bytes: gzipSync(niftiFile({ pair: true })) },
    {
      name: 'zero-padding-after-end',
      code: [null, 'nifti-gzip'],
      bytes: Buffer.concat([whole, Buffer.alloc(512)]),
    },
  ];
}

/** A header that claims `megabytes` of int16 voxels. */
function claiming(megabytes) {
  return niftiFile({}, { dim: [3, 1024, 512, megabytes, 1, 1, 1, 1] });
}

function nested(bytes, times) {
  return times === 0 ? bytes : nested(gzipSync(bytes), times - 1);
}

/** Raw deflate segments of `start` and then zeros, `total` bytes together: 16 MiB of zeros are deflated once and repeated. */
function zerosAfter(start, total) {
  const unit = 16 * MEGABYTE;
  const count = Math.floor((total - start.length) / unit);
  const rest = total - start.length - count * unit;
  return [segment(start), ...Array(count).fill(segment(new Uint8Array(unit))), segment(new Uint8Array(rest))];
}

function segment(bytes) {
  return deflateRawSync(bytes, { finishFlush: constants.Z_FULL_FLUSH });
}

/** A gzip file of raw segments, whose trailer names `size` and no true checksum. */
function framed(segments, size) {
  const trailer = Buffer.alloc(8, 0x5a);
  trailer.writeUInt32LE(size % 2 ** 32, 4);
  return Buffer.concat([FRAME, ...segments, LAST_BLOCK, trailer]);
}

function withSize(whole, size) {
  const copy = Buffer.from(whole);
  copy.writeUInt32LE(size, copy.length - 4);
  return copy;
}
