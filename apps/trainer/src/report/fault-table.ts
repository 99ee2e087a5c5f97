import { relative } from 'node:path';
import { wrapWords } from './wrap-words.js';

/** One row of the table: what `checkDataset` of @bipvl/preprocess says of a fault. */
export interface FaultRow {
  readonly severity: string;
  readonly file: string;
  readonly fault: string;
  readonly mend: string;
}

type Cells = readonly [severity: string, file: string, fault: string, mend: string];

const HEADER: Cells = ['severity', 'file', 'fault', 'mend'];
const GAP = '  ';
const NARROWEST = 60;
const WIDEST_FILE = 0.3;

/** Faults as an aligned table no wider than `width` characters; files are given relative to `folder`. */
export function faultTable(faults: readonly FaultRow[], folder: string, width: number): string {
  const rows = [HEADER, ...faults.map((fault) => cellsOf(fault, folder))];
  const widths = columnWidths(rows, Math.max(NARROWEST, width));
  return rows.flatMap((cells) => rowLines(cells, widths)).join('\n');
}

/** One line for each fault, for pipes and logs. */
export function faultLines(faults: readonly FaultRow[], folder: string): string {
  return faults
    .map((fault) => cellsOf(fault, folder))
    .map(([severity, file, fault, mend]) => `${severity}: ${file}: ${fault}; mend: ${mend}`)
    .join('\n');
}

function cellsOf({ severity, file, fault, mend }: FaultRow, folder: string): Cells {
  const place = relative(folder, file);
  return [severity, place === '' ? '.' : place.startsWith('..') ? file : place, fault, mend];
}

/** Severity and file as wide as they need, the file up to a share; fault and mend divide the rest by their lengths. */
function columnWidths(rows: readonly Cells[], width: number): readonly number[] {
  const longest = (column: 0 | 1 | 2 | 3) => Math.max(...rows.map((cells) => cells[column].length));
  const severity = longest(0);
  const file = Math.min(longest(1), Math.floor(width * WIDEST_FILE));
  const rest = width - severity - file - 3 * GAP.length;
  const [fault, mend] = [longest(2), longest(3)];
  if (fault + mend <= rest) return [severity, file, fault, mend];
  const half = Math.floor(rest / 2);
  const faultWidth = fault <= half ? fault : mend <= half ? rest - mend : half;
  return [severity, file, faultWidth, Math.min(mend, rest - faultWidth)];
}

function rowLines(cells: Cells, widths: readonly number[]): string[] {
  const columns = cells.map((cell, index) => wrapWords(cell, widths[index] ?? cell.length));
  const height = Math.max(...columns.map((lines) => lines.length));
  return Array.from({ length: height }, (_, line) =>
    columns
      .map((lines, index) => (lines[line] ?? '').padEnd(widths[index] ?? 0))
      .join(GAP)
      .trimEnd(),
  );
}
