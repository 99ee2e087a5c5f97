// The most memory that this process has held: since it started, or since it last forgot.
import { readFileSync, writeFileSync } from 'node:fs';

/** Resident memory at its fullest, in MB. */
export function peakMb() {
  const [, kilobytes] = /VmHWM:\s+(\d+)/.exec(statusOfLinux()) ?? [];
  return Number(kilobytes ?? process.resourceUsage().maxRSS) / 1024;
}

/** From now on the peak counts from what is held now. Does nothing where the system has no such thing (all but Linux). */
export function forgetPeak() {
  if (statusOfLinux() !== '') writeFileSync('/proc/self/clear_refs', '5');
}

function statusOfLinux() {
  return process.platform === 'linux' ? readFileSync('/proc/self/status', 'utf8') : '';
}
