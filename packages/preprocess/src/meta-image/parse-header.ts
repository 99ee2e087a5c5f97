import { addField } from '../attached/add-field.js';
import type { TextHeader } from '../attached/declared-image.js';
import type { Refuse } from '../attached/refuse.js';
import type { NiftiLimits } from '../nifti/limits.js';

const NEWLINE = 0x0a;
const LAST_FIELD = 'ElementDataFile';
const NOT_META_HINT = 'give a MetaImage file with its data attached (.mha)';

/**
 * The fields of a MetaImage header by name (itk.org/Wiki/ITK/MetaIO/Documentation); the last is `ElementDataFile`, and
 * the voxels start on the next line. Throws `mha-not-mha`, `mha-too-large` and `mha-bad-header`.
 */
export function parseMetaHeader(bytes: Uint8Array, limits: NiftiLimits, refuse: Refuse): TextHeader {
  const fields = new Map<string, string>();
  const last = Math.min(bytes.length, limits.maxExtensionBytes);
  for (let start = 0; start < last; ) {
    const newline = bytes.indexOf(NEWLINE, start);
    const end = newline === -1 || newline > last ? last : newline;
    const field = readLine(latin1(bytes.subarray(start, end)), fields, refuse);
    start = end + 1;
    if (field === LAST_FIELD) return { fields, dataOffset: Math.min(start, bytes.length) };
  }
  if (bytes.length <= limits.maxExtensionBytes) {
    throw refuse('not-mha', `is no MetaImage: it names no ${LAST_FIELD}`, NOT_META_HINT);
  }
  const fault = `its header takes more than maxExtensionBytes (${limits.maxExtensionBytes} bytes)`;
  throw refuse('too-large', fault, 'get the file again, or raise limits.maxExtensionBytes');
}

function readLine(line: string, fields: Map<string, string>, refuse: Refuse): string {
  const equals = line.indexOf('=');
  const field = line.slice(0, Math.max(0, equals)).trim();
  if (!/^[A-Za-z]\w{0,63}$/.test(field)) {
    throw refuse('not-mha', 'is no MetaImage: a line of its header is no field', NOT_META_HINT);
  }
  addField(field, line.slice(equals + 1).trim(), fields, refuse);
  return field;
}

function latin1(bytes: Uint8Array): string {
  return new TextDecoder('latin1').decode(bytes);
}
