import { parse } from 'yaml';
import { TrainerError } from '../errors.js';

/**
 * Applies `path.to.key=value` assignments to a configuration; values are YAML, numbers in a path are places in a list.
 * The result is unchecked: `parseRunConfig` says whether the keys exist.
 * @throws TrainerError `bad-override`
 */
export function applyOverrides(config: unknown, assignments: readonly string[]): unknown {
  return assignments.reduce((current, assignment) => {
    const { path, value } = readAssignment(assignment);
    return assign(current, path, value, assignment);
  }, config);
}

function readAssignment(assignment: string): { path: string[]; value: unknown } {
  const at = assignment.indexOf('=');
  const path = assignment.slice(0, Math.max(0, at)).trim().split('.');
  if (path.some((step) => step === '' || step === '__proto__'))
    throw malformed(assignment, 'expected path.to.key=value');
  try {
    return { path, value: parse(assignment.slice(at + 1)) };
  } catch (cause) {
    throw malformed(assignment, `the value is not YAML (${firstLine(cause)})`, cause);
  }
}

function assign(target: unknown, path: readonly string[], value: unknown, assignment: string): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return value;
  if (Array.isArray(target)) {
    const place = Number(step);
    if (!Number.isInteger(place) || place < 0 || place > target.length) {
      throw malformed(assignment, `'${step}' is no place in a list of ${target.length}`);
    }
    const copy: unknown[] = [...target];
    copy[place] = assign(target[place], rest, value, assignment);
    return copy;
  }
  const record = typeof target === 'object' && target !== null ? (target as Record<string, unknown>) : {};
  return { ...record, [step]: assign(record[step], rest, value, assignment) };
}

function malformed(assignment: string, what: string, cause?: unknown): TrainerError {
  return new TrainerError('bad-override', `--set ${assignment}: ${what}`, {
    kind: 'usage',
    hint: 'write for instance --set optimiser.learningRate=1e-3',
    cause,
  });
}

function firstLine(cause: unknown): string {
  return (cause instanceof Error ? cause.message : String(cause)).split('\n')[0] ?? '';
}
