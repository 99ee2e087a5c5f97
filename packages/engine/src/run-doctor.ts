import { exitCodes } from './command-line/exit-codes.js';
import type { Finding } from './finding.js';

/** Prints a diagnosis, for people or as JSON; resolves to the exit code that the first fault asks for. */
export async function runDoctor(json: boolean): Promise<number> {
  // Imported here, so that --help and --version load no engine.
  const { doctor } = await import('./doctor.js');
  const diagnosis = await doctor();
  const text = json ? JSON.stringify(diagnosis, null, 2) : formatFindings(diagnosis.findings);
  process.stdout.write(`${text}\n`);
  return exitCodeOf(diagnosis.findings);
}

/** 0 where there is no fault, else the exit code for the first one's kind. */
export function exitCodeOf(findings: readonly Finding[]): number {
  const fault = findings.find(({ verdict }) => verdict === 'fault');
  return fault ? exitCodes[fault.kind ?? 'internal'] : 0;
}

/** The findings as aligned lines, each followed by its mend. */
export function formatFindings(findings: readonly Finding[]): string {
  const width = Math.max(...findings.map(({ name }) => name.length));
  return findings
    .flatMap(({ name, verdict, detail, mend }) => [
      `${verdict.padEnd(5)}  ${name.padEnd(width)}  ${detail}`,
      ...(mend === undefined ? [] : [`${' '.repeat(width + 9)}mend: ${mend}`]),
    ])
    .join('\n');
}
