import { niftiFile } from './nifti-file.mjs';

const text = (content) => Buffer.from(content, 'latin1');

const CONTENTS = {
  empty: text(''),
  'one-byte': text('n'),
  newline: text('\n'),
  'text-short': text('This is not a scan.'),
  'text-long': text('lorem ipsum dolor sit amet '.repeat(4000)),
  html: text('<!doctype html><title>404 Not Found</title>'.padEnd(2000)),
  png: Buffer.concat([text('\x89PNG\r\n\x1a\n'), Buffer.alloc(1000)]),
  jpeg: Buffer.concat([text('\xff\xd8\xff\xe0\x00\x10JFIF'), Buffer.alloc(1000)]),
  zip: Buffer.concat([text('PK\x03\x04'), Buffer.alloc(1000)]),
  bzip2: Buffer.concat([text('BZh9'), Buffer.alloc(1000)]),
  xz: Buffer.concat([text('\xfd7zXZ\x00'), Buffer.alloc(1000)]),
  zstandard: Buffer.concat([text('\x28\xb5\x2f\xfd'), Buffer.alloc(1000)]),
  hdf5: Buffer.concat([text('\x89HDF\r\n\x1a\n'), Buffer.alloc(1000)]),
  elf: Buffer.concat([text('\x7fELF'), Buffer.alloc(1000)]),
  pdf: text('%PDF-1.7'.padEnd(2000)),
  minc: Buffer.concat([text('CDF\x01'), Buffer.alloc(1000)]),
  mgh: Buffer.concat([Buffer.from([0, 0, 0, 1]), Buffer.alloc(1000)]),
  pickle: text('\x80\x04\x95cos\nsystem\n(S"ls"\ntR.'.padEnd(1000)),
  safetensors: Buffer.concat([Buffer.from([64, 0, 0, 0, 0, 0, 0, 0]), text('{}'.padEnd(64))]),
  zeros: Buffer.alloc(10_000),
  ones: Buffer.alloc(10_000, 0xff),
  'analyze-7.5': withMagic('\0\0\0\0'),
  'magic-of-version-2': withMagic('n+2\0'),
  'magic-without-end': withMagic('n+1 '),
  'magic-lower': withMagic('N+1\0'),
  'magic-of-version-0': withMagic('n+0\0'),
  'magic-cut': withMagic('n+\0\0'),
};

/** Files that are something else, under the names of scans. */
export function foreignFiles() {
  return Object.entries(CONTENTS).flatMap(([name, bytes]) =>
    ['.nii', '.nii.gz'].map((ending) => ({ name: `foreign/${name}${ending}`, code: 'not-nifti', bytes })),
  );
}

function withMagic(magic) {
  const bytes = Buffer.from(niftiFile());
  bytes.write(magic, 344, 'latin1');
  return bytes;
}
