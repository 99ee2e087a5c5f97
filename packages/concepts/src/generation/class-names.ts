import { ConceptError } from '../errors.js';
import { forbiddenContent } from '../lint/plain-text-rule.js';
import { printable } from '../printable.js';
import { className } from '../schema.js';

const most = 100;

/**
 * Checks the names that a request to a language model is about. A data set's author chooses them, so they are held to letters,
 * digits and plain punctuation, at most 64 characters, and to nothing that reads like a link, an identifier or an instruction.
 * @throws ConceptError `no-classes`, `too-many-classes`, `repeated-class`, `hostile-class-name`
 */
export function checkClassNames(names: readonly string[]): void {
  if (names.length === 0)
    throw usage('no-classes', 'no class is named', 'Name the classes, e.g. --classes "left atrium,aorta".');
  if (names.length > most)
    throw usage('too-many-classes', `${names.length} classes, more than ${most}`, 'Ask in several requests.');
  for (const name of names) refuseHostile(name);
  const folded = names.map((name) => name.toLowerCase());
  const repeated = names.find((_, index) => folded.indexOf(folded[index] ?? '') !== index);
  if (repeated !== undefined)
    throw usage('repeated-class', `"${repeated}" is named twice`, 'Name every class once.');
}

function refuseHostile(name: string): void {
  const parsed = className.safeParse(name);
  const fault = parsed.success ? forbiddenContent(name)[0] : parsed.error.issues[0]?.message;
  if (fault === undefined) return;
  const said = parsed.success ? `holds ${fault}` : `is no class name; expected ${fault}`;
  throw new ConceptError('hostile-class-name', `class name "${printable(name.slice(0, 64))}" ${said}`, {
    kind: 'data',
    hint: 'Give the class a name of letters, digits and plain punctuation, e.g. "left atrium".',
  });
}

function usage(code: string, message: string, hint: string): ConceptError {
  return new ConceptError(code, message, { kind: 'usage', hint });
}
