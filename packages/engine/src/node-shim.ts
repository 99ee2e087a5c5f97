import { createRequire } from 'node:module';

/**
 * Gives TensorFlow.js the `util.isNullOrUndefined` it calls: Node 23 took it away, and Node 22 warns where its own is called.
 */
export function restoreIsNullOrUndefined(nodeVersion: string = process.versions.node): void {
  if (Number.parseInt(nodeVersion, 10) < 22) return;
  const util: Record<string, unknown> = createRequire(import.meta.url)('node:util');
  util['isNullOrUndefined'] = (value: unknown): boolean => value === null || value === undefined;
}
