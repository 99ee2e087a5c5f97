/** The dotted keys in which two configurations differ; lists count as one value. */
export function configDifference(a: unknown, b: unknown, path: readonly string[] = []): string[] {
  if (!isRecord(a) || !isRecord(b)) return JSON.stringify(a) === JSON.stringify(b) ? [] : [path.join('.')];
  const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])];
  return keys.flatMap((key) => configDifference(a[key], b[key], [...path, key]));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
