// Writes NIfTI files from nifti1.h and nifti2.h alone, so that the readers under test are not their own judges.

const SIDES = [3, 4, 5];
const VOXELS = 60;

/** Fields by version: byte offset and type; the names are those of nifti1.h. */
export const LAYOUT = {
  1: {
    sizeof_hdr: [0, 'i32'],
    dim: [40, 'i16'],
    datatype: [70, 'i16'],
    bitpix: [72, 'i16'],
    pixdim: [76, 'f32'],
    vox_offset: [108, 'f32'],
    scl_slope: [112, 'f32'],
    scl_inter: [116, 'f32'],
    qform_code: [252, 'i16'],
    sform_code: [254, 'i16'],
    quatern: [256, 'f32'],
    qoffset: [268, 'f32'],
    srow: [280, 'f32'],
  },
  2: {
    sizeof_hdr: [0, 'i32'],
    dim: [16, 'i64'],
    datatype: [12, 'i16'],
    bitpix: [14, 'i16'],
    pixdim: [104, 'f64'],
    vox_offset: [168, 'i64'],
    scl_slope: [176, 'f64'],
    scl_inter: [184, 'f64'],
    qform_code: [344, 'i32'],
    sform_code: [348, 'i32'],
    quatern: [352, 'f64'],
    qoffset: [376, 'f64'],
    srow: [400, 'f64'],
  },
};

export const WIDTH = { i16: 2, i32: 4, i64: 8, f32: 4, f64: 8 };

/** Byte at which the voxels of a file without extensions start. */
export const DATA_OFFSET = { 1: 352, 2: 544 };

/**
 * A file of 3 x 4 x 5 int16 voxels, some of its header fields overwritten.
 * @param {{ version?: 1 | 2, bigEndian?: boolean, pair?: boolean, voxels?: Uint8Array }} form
 * @param {Record<string, number | bigint | (number | bigint)[]>} lies
 */
export function niftiFile({ version = 1, bigEndian = false, pair = false, voxels } = {}, lies = {}) {
  const offset = DATA_OFFSET[version];
  const body = voxels ?? new Uint8Array(2 * VOXELS);
  const bytes = new Uint8Array(offset + body.length);
  const fields = { ...honestFields(version, pair ? 0 : offset), ...lies };
  for (const [name, values] of Object.entries(fields)) writeField(bytes, version, bigEndian, name, values);
  writeMagic(bytes, version, pair);
  bytes.set(body, offset);
  return bytes;
}

function honestFields(version, offset) {
  return {
    sizeof_hdr: version === 1 ? 348 : 540,
    dim: [3, ...SIDES, 1, 1, 1, 1],
    datatype: 4,
    bitpix: 16,
    pixdim: [1, 1, 1, 1, 1, 1, 1, 1],
    vox_offset: offset,
    scl_slope: 1,
    sform_code: 1,
    srow: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0],
  };
}

function writeField(bytes, version, bigEndian, name, values) {
  const [offset, type] = LAYOUT[version][name];
  const view = new DataView(bytes.buffer);
  [values].flat().forEach((value, i) => {
    const at = offset + i * WIDTH[type];
    if (type === 'i16') view.setInt16(at, Number(value), !bigEndian);
    else if (type === 'i32') view.setInt32(at, Number(value), !bigEndian);
    else if (type === 'i64') view.setBigInt64(at, BigInt(value), !bigEndian);
    else if (type === 'f32') view.setFloat32(at, Number(value), !bigEndian);
    else view.setFloat64(at, Number(value), !bigEndian);
  });
}

function writeMagic(bytes, version, pair) {
  const text = `${pair ? 'ni' : 'n+'}${version}\0${version === 2 ? '\r\n\x1a\n' : ''}`;
  bytes.set(Buffer.from(text, 'latin1'), version === 1 ? 344 : 4);
}
