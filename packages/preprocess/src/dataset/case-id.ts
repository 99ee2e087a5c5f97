const PATTERN = /^[A-Za-z0-9._-]{1,128}$/;

/** True for names that are safe in paths, logs and reports: letters, digits, dot, underscore and hyphen. */
export function isCaseId(id: string): boolean {
  return PATTERN.test(id) && id !== '.' && id !== '..';
}
