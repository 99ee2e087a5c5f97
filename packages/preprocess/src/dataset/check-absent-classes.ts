import type { CaseFacts } from './case-facts.js';
import type { Fault } from './fault.js';
import type { DatasetLabel } from './manifest.js';

/** A warning on classes that no opened label shows; `classOf` takes a voxel value to its id, `file` is the manifest. */
export function checkAbsentClasses(
  cases: readonly CaseFacts[],
  labels: readonly DatasetLabel[],
  classOf: (value: number) => number | undefined,
  file: string,
): Fault[] {
  const values = cases.flatMap(({ label }) => label?.values ?? []).map(([value]) => value);
  const seen = new Set(values.map(classOf));
  const absent = labels.filter(({ id }) => id !== 0 && !seen.has(id));
  if (cases.length === 0 || absent.length === 0) return [];
  const names = absent.map(({ id, name }) => `${id} ${name}`).join(', ');
  const fault = `no opened case has a voxel of ${names}`;
  const mend = 'remove the class from labels, or add cases that show it';
  return [{ rule: 'absent-class', file, fault, mend, severity: 'warning' }];
}
