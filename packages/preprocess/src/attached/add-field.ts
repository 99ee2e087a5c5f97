import { BROKEN_HEADER, type Refuse } from './refuse.js';

// The formats define some forty fields.
const MOST_FIELDS = 256;

/** Adds a field to those of a text header. Throws `<format>-bad-header` for one that is there, or for too many. */
export function addField(field: string, value: string, fields: Map<string, string>, refuse: Refuse): void {
  if (fields.has(field)) throw refuse('bad-header', 'names a field twice', BROKEN_HEADER);
  if (fields.size === MOST_FIELDS)
    throw refuse('bad-header', `has more than ${MOST_FIELDS} fields`, BROKEN_HEADER);
  fields.set(field, value);
}
