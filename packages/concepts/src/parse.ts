import type { z } from 'zod';
import { ConceptError } from './errors.js';
import { nearestName } from './nearest-name.js';
import { type ConceptSet, conceptSetSchema, knownKeys } from './schema.js';

function refuse(source: string, problem: string, hint: string, cause?: unknown): never {
  throw new ConceptError('invalid-concept-set', `${source}: ${problem}`, { kind: 'data', hint, cause });
}

function readJson(text: string, source: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.split('\n')[0] : String(cause);
    return refuse(source, `not JSON (${reason})`, 'Mend the JSON syntax of the concept set.', cause);
  }
}

function placeName(path: readonly PropertyKey[]): string {
  return path.map(String).join('.') || 'the set';
}

function describeUnknownKeys(issue: { keys: string[]; path: PropertyKey[] }): string {
  const known = knownKeys(issue.path);
  const listed = issue.keys.slice(0, 3).map((key) => {
    const nearest = nearestName(key, known);
    return `${JSON.stringify(key.slice(0, 64))}${nearest ? ` (nearest known name: "${nearest}")` : ''}`;
  });
  return `unknown key ${listed.join(', ')} in ${placeName(issue.path)}; known: ${known.join(', ')}`;
}

function describeIssue(issue: z.core.$ZodIssue): string {
  if (issue.code === 'unrecognized_keys') return describeUnknownKeys(issue);
  return `${placeName(issue.path)}: ${issue.message}`;
}

function firstRepeated<T>(values: readonly T[]): T | undefined {
  return values.find((value, index) => values.indexOf(value) !== index);
}

function refuseRepeatedClasses(set: ConceptSet, source: string): void {
  const label = firstRepeated(set.classes.map((each) => each.label));
  if (label !== undefined)
    refuse(source, `label ${label} is used by two classes`, 'Give every class its own label.');
  const name = firstRepeated(set.classes.map((each) => each.name.toLowerCase()));
  if (name !== undefined) refuse(source, `two classes are named "${name}"`, 'Give every class its own name.');
}

/**
 * Reads a concept set from JSON text or from an already parsed value, strictly.
 * @param json JSON text, or the value it stands for.
 * @param source what to call the set in an error, usually its file name.
 * @throws ConceptError `invalid-concept-set` naming the place and, for an unknown key, the nearest known name.
 */
export function parseConceptSet(json: unknown, source = 'concept set'): ConceptSet {
  const value = typeof json === 'string' ? readJson(json, source) : json;
  const result = conceptSetSchema.safeParse(value);
  if (!result.success) {
    // An unknown key usually explains the missing one that zod reports beside it.
    const issues = result.error.issues;
    const told = issues.find((issue) => issue.code === 'unrecognized_keys') ?? issues[0];
    refuse(source, told ? describeIssue(told) : 'not a concept set', 'Mend that entry of the concept set.');
  }
  refuseRepeatedClasses(result.data, source);
  return result.data;
}
