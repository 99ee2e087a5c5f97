import { readFileSync } from 'node:fs';

/** Version of the product, as its trainer has it. */
export function productVersion(): string {
  const manifest: { version: string } = JSON.parse(
    readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
  );
  return manifest.version;
}
