import type { NamedEntry } from './dataset-recipe.js';

/** True when `found` is a spelling of `entry`; case, spaces and punctuation do not matter. */
export function isNamed(entry: NamedEntry, found: string): boolean {
  const wanted = plain(found);
  return [entry.name, ...entry.aliases].some((name) => plain(name) === wanted);
}

function plain(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '');
}
