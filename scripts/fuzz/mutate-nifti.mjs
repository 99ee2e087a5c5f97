import { LAYOUT, niftiFile, WIDTH } from '../hostile/nifti-file.mjs';
import { mutateBytes } from './mutate-bytes.mjs';

const INTEGERS = [
  0,
  1,
  -1,
  2,
  3,
  4,
  5,
  7,
  8,
  16,
  60,
  64,
  120,
  127,
  128,
  255,
  256,
  352,
  544,
  32767,
  -32768,
  2 ** 31 - 1,
  -(2 ** 31),
];
const REALS = [0, -0, 1, -1, 0.5, 352, 544, 1e-38, 1e38, 1e-310, 1e300, NaN, Infinity, -Infinity, 2 ** 53];
const LONG = [
  ...INTEGERS.map(BigInt),
  2n ** 31n,
  2n ** 32n,
  2n ** 53n,
  2n ** 62n,
  2n ** 63n - 1n,
  -(2n ** 63n),
];

const FORMS = [1, 2].flatMap((version) => [false, true].map((bigEndian) => ({ version, bigEndian })));
const TURNED = { sform_code: 0, qform_code: 1, quatern: [0.1, 0.2, 0.3], qoffset: [5, -6, 7] };

/** Honest files of both versions and byte orders: plain, scaled, four-dimensional, by qform, with no form, of other types. */
const FILES = FORMS.flatMap((form) =>
  [
    {},
    { scl_slope: 2.5, scl_inter: -3 },
    { dim: [4, 3, 2, 5, 2, 1, 1, 1] },
    { dim: [1, 60, 1, 1, 1, 1, 1, 1], sform_code: 0 },
    TURNED,
    { datatype: 2, bitpix: 8 },
    { datatype: 16, bitpix: 32, dim: [3, 3, 2, 5, 1, 1, 1, 1] },
    { datatype: 64, bitpix: 64, dim: [3, 3, 1, 5, 1, 1, 1, 1] },
    { datatype: 1024, bitpix: 64, dim: [3, 3, 1, 5, 1, 1, 1, 1] },
  ].map((fields) => ({ form, bytes: niftiFile(form, fields) })),
);

/** Honest files, as bytes. */
export const NIFTI_SEEDS = FILES.map(({ bytes }) => bytes);

/** An honest file with header fields at their boundaries, or with bytes changed anywhere, or both. */
export function mutateNifti(random) {
  const { form, bytes } = random.pick(FILES);
  if (random.once(3)) return mutateBytes(random, NIFTI_SEEDS);
  const copy = Buffer.from(bytes);
  for (let changes = random.below(3); changes >= 0; changes -= 1) setField(copy, form, random);
  return random.once(4) ? mutateBytes(random, [copy, ...NIFTI_SEEDS]) : copy;
}

function setField(bytes, { version, bigEndian }, random) {
  const [offset, type] = random.pick(Object.values(LAYOUT[version]));
  const at = offset + random.below(type === 'i32' ? 1 : 3) * WIDTH[type];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (type === 'i64') view.setBigInt64(at, random.pick(LONG), !bigEndian);
  else if (type === 'f32') view.setFloat32(at, random.pick(REALS), !bigEndian);
  else if (type === 'f64') view.setFloat64(at, random.pick(REALS), !bigEndian);
  else if (type === 'i32') view.setInt32(at, random.pick(INTEGERS), !bigEndian);
  else view.setInt16(at, random.pick(INTEGERS), !bigEndian);
}
