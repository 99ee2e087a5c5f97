import { list } from '../list.js';

/** The command `list`. */
export function runList(json: boolean): void {
  const names = list();
  const lines = Object.entries(names).map(([kind, known]) => `${kind}: ${known.join(', ')}`);
  process.stdout.write(json ? `${JSON.stringify(names, null, 2)}\n` : `${lines.join('\n')}\n`);
}
