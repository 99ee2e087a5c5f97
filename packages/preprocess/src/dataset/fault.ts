/** Something wrong with a dataset: where, what, and how to mend it. */
export interface Fault {
  /** Stable kebab-case name of the rule that was broken. */
  readonly rule: string;
  /** Path of the file or folder. */
  readonly file: string;
  readonly fault: string;
  readonly mend: string;
  /** `error`: training must not start; `warning`: worth a look. */
  readonly severity: 'error' | 'warning';
}

/** The first few of a list in words. */
export function shortList(items: readonly (string | number)[], limit = 8): string {
  const first = items.slice(0, limit).join(', ');
  return items.length > limit ? `${first} and ${items.length - limit} more` : first;
}
