import { basename } from 'node:path';
import { napiVersion } from './recipe.js';

/**
 * The folders inside one engine, laid out as the npm package expects them, so that two links per node_modules suffice and the
 * libraries' own relative search paths (`$ORIGIN/../nvidia/...`) hold.
 */
export const layout: Readonly<
  Record<'libraries' | 'headers' | 'addonFolder' | 'addon' | 'opener' | 'manifest', string>
> = {
  libraries: 'deps/lib',
  headers: 'deps/include',
  addonFolder: `lib/napi-v${napiVersion}`,
  addon: `lib/napi-v${napiVersion}/tfjs_binding.node`,
  opener: `lib/napi-v${napiVersion}/open_library.node`,
  manifest: 'engine.json',
};

/** File names of TensorFlow's two libraries on a platform. */
export function libraryNames(platform: NodeJS.Platform): {
  readonly main: string;
  readonly framework: string;
} {
  if (platform === 'darwin')
    return { main: 'libtensorflow_cc.2.dylib', framework: 'libtensorflow_framework.2.dylib' };
  return { main: 'libtensorflow_cc.so.2', framework: 'libtensorflow_framework.so.2' };
}

// All that the C API's two headers include, found with `g++ -M` on the addon.
const headerFolders = ['tensorflow/c/', 'tensorflow/core/platform/', 'xla/tsl/c/', 'tsl/platform/'];
const notices = new Set(['tensorflow/THIRD_PARTY_NOTICES.txt', 'tensorflow/include/LICENSE']);

/** Which entries of the wheels an engine needs, and where they go; the rest of a wheel is Python. */
export function placeEntry(entry: string): string | null {
  if (/^tensorflow\/libtensorflow_(cc|framework)\.[^/]+$/.test(entry))
    return `${layout.libraries}/${basename(entry)}`;
  if (notices.has(entry)) return `licences/tensorflow/${basename(entry)}`;
  if (entry.startsWith('nvidia/')) return placeNvidia(entry);
  if (/^nvidia_[^/]+\.dist-info\/.*licen[sc]e/i.test(entry)) return `licences/${entry}`;
  const header = /^tensorflow\/include\/(.+\.h)$/.exec(entry)?.[1];
  if (header && headerFolders.some((folder) => header.startsWith(folder)))
    return `${layout.headers}/${header}`;
  return null;
}

function placeNvidia(entry: string): string | null {
  return /^nvidia\/[^/]+\/(lib|bin|nvvm)\//.test(entry) ? `deps/${entry}` : null;
}
