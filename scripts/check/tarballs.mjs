import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { importFaults } from './installed-imports.mjs';
import { pack } from './pack.mjs';
import { contentFaults } from './tarball-contents.mjs';
import { faultsOfTool } from './tool.mjs';

/** What would be published: only the files a user needs, exports that resolve with their types, and entries that import. */
export async function tarballs(root) {
  const destination = mkdtempSync(join(tmpdir(), 'bipvl-tarballs-'));
  try {
    const packed = await pack(root, destination);
    const faults = [];
    for (const tarball of packed) {
      faults.push(...contentFaults(tarball), ...(await publintFaults(tarball)));
      faults.push(...(await typesFaults(root, tarball)));
    }
    return [...faults, ...(await importFaults(root, packed, destination))];
  } finally {
    rmSync(destination, { recursive: true, force: true });
  }
}

async function publintFaults({ path, workspace }) {
  const bytes = readFileSync(path);
  const tarball = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
  const { messages, pkg } = await publint({ pack: { tarball }, strict: true });
  return messages.map((message) => `${workspace.name}: ${formatMessage(message, pkg, { color: false })}`);
}

/** Are the types wrong? For ESM consumers and bundlers; we publish nothing for `require`. */
async function typesFaults(root, { path, workspace }) {
  const tool = '@arethetypeswrong/cli/dist/index.js';
  const parameters = [path, '--profile', 'esm-only', '--format', 'ascii', '--no-color', '--no-emoji'];
  const faults = await faultsOfTool(root, tool, parameters);
  return faults.map((output) => `${workspace.name}: the types of its exports do not resolve\n${output}`);
}
