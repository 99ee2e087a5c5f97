import { createRequire } from 'node:module';

/**
 * Gives TensorFlow.js the functions of `util` that it calls: Node 23 took `isNullOrUndefined` away, and Node 22 warns where it or `isArray` is
 * called.
 */
export function restoreUtilFunctions(nodeVersion: string = process.versions.node): void {
  if (Number.parseInt(nodeVersion, 10) < 22) return;
  const util: Record<string, unknown> = createRequire(import.meta.url)('node:util');
  util['isNullOrUndefined'] = (value: unknown): boolean => value === null || value === undefined;
  util['isArray'] = Array.isArray;
}
