import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const HEADING = '## From a scan to a mask';

/**
 * The README's lines "From a scan to a mask" as the body of a function of `bytes`, with what takes the place of the Node
 * functions in a browser. Throws when the README no longer has those lines.
 */
export function readmeLines(root) {
  const readme = readFileSync(join(root, 'packages/preprocess/README.md'), 'utf8');
  const section = readme.slice(readme.indexOf(HEADING));
  const code = /```ts\n([\s\S]*?)```/.exec(section)?.[1] ?? '';
  const body = code
    .replaceAll(/^import .*\n/gm, '')
    .replace(/await readVolume\(('[^']*')\)/, 'await decodeNifti(bytes, $1)')
    .replace(
      /await writeMask\('[^']*', (.*)\);/,
      'return { scan, mask: encodeNifti(smallestIntegers($1)) };',
    );
  if (body.includes('decodeNifti') && body.includes('encodeNifti')) return body;
  throw new Error(
    `README.md: "${HEADING}" no longer holds readVolume and writeMask as this check knows them`,
  );
}
