import type { DemoPaths } from './demo-paths.js';
import { nextCommands } from './next-commands.js';
import { say } from './say.js';

/** Names what the demonstration wrote, and what may be typed next. */
export function sayWhere(paths: DemoPaths): void {
  say(`\nreport: ${paths.report}\nresults: ${paths.results}`);
  for (const { purpose, command } of nextCommands(paths)) say(`${purpose}: ${command}`);
}
