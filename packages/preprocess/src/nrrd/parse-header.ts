import { addField } from '../attached/add-field.js';
import type { TextHeader } from '../attached/declared-image.js';
import { BROKEN_HEADER, type Refuse } from '../attached/refuse.js';
import type { NiftiLimits } from '../nifti/limits.js';

const MAGIC = /^NRRD000[1-5]$/;
const NEWLINE = 0x0a;
const RETURN = 0x0d;
const NOT_NRRD_HINT = 'give an NRRD file with its data attached (.nrrd)';

/** True when `bytes` start with the magic of NRRD, whatever its version. */
export function isNrrd(bytes: Uint8Array): boolean {
  return bytes[0] === 0x4e && bytes[1] === 0x52 && bytes[2] === 0x52 && bytes[3] === 0x44;
}

/**
 * The fields of an NRRD header by their lower-case names, after the format's definition (teem.sourceforge.net/nrrd/format.html);
 * comments and key/value pairs are dropped. Throws `nrrd-not-nrrd`, `nrrd-too-large` and `nrrd-bad-header`.
 */
export function parseNrrdHeader(bytes: Uint8Array, limits: NiftiLimits, refuse: Refuse): TextHeader {
  if (!isNrrd(bytes)) throw refuse('not-nrrd', 'does not start with NRRD', NOT_NRRD_HINT);
  const end = endOfHeader(bytes, limits, refuse);
  const [magic = '', ...lines] = new TextDecoder('latin1').decode(bytes.subarray(0, end)).split(/\r?\n/);
  if (!MAGIC.test(magic)) throw refuse('not-nrrd', 'has an unknown version of NRRD', NOT_NRRD_HINT);
  const fields = new Map<string, string>();
  for (const line of lines) readLine(line, fields, refuse);
  return { fields, dataOffset: end };
}

/** The byte after the empty line that ends the header; a header that runs to the end of the file has its data elsewhere. */
function endOfHeader(bytes: Uint8Array, limits: NiftiLimits, refuse: Refuse): number {
  const last = Math.min(bytes.length, limits.maxExtensionBytes);
  for (let at = 0; at < last; at += 1) {
    if (bytes[at] !== NEWLINE) continue;
    const next = bytes[at + 1] === RETURN ? at + 2 : at + 1;
    if (bytes[next] === NEWLINE) return next + 1;
  }
  if (last === bytes.length) return bytes.length;
  const fault = `its header takes more than maxExtensionBytes (${limits.maxExtensionBytes} bytes)`;
  throw refuse('too-large', fault, 'strip comments and key/value pairs, or raise limits.maxExtensionBytes');
}

function readLine(line: string, fields: Map<string, string>, refuse: Refuse): void {
  const colon = line.indexOf(':');
  const isKeyValue = line[colon + 1] === '=';
  if (line.trim() === '' || line.startsWith('#') || isKeyValue) return;
  if (colon <= 0 || line[colon + 1] !== ' ')
    throw refuse('bad-header', 'has a line that is no field', BROKEN_HEADER);
  addField(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim(), fields, refuse);
}
