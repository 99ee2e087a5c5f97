import type { CaseFacts } from './case-facts.js';
import type { Fault } from './fault.js';

// Bone and contrast medium lie far above, air at -1000.
const LEAST_MAXIMUM = 100;

/** Warnings on channels called CT whose values, over all opened cases, cannot be Hounsfield units; `file` is the manifest. */
export function checkHounsfield(
  cases: readonly CaseFacts[],
  channelNames: readonly string[],
  file: string,
): Fault[] {
  return channelNames.flatMap((name, channel) => {
    if (!/^ct$/i.test(name.trim())) return [];
    const ranges = cases.flatMap((entry) => rangesOf(entry)[channel] ?? []);
    if (ranges.length === 0) return [];
    const low = Math.min(...ranges.map((range) => range[0]));
    const high = Math.max(...ranges.map((range) => range[1]));
    if (low < 0 && high >= LEAST_MAXIMUM) return [];
    const fault = `channel ${channel} is CT, but its values run from ${low} to ${high} over all opened cases: no Hounsfield units`;
    const mend = 'undo windows and offsets (scl_inter, +1024), or use a recipe made for these values';
    return [{ rule: 'not-hounsfield', file, fault, mend, severity: 'warning' as const }];
  });
}

/** The range of each channel of a case, whether one file holds it or several, as lists of none or one. */
function rangesOf({ images }: CaseFacts): (readonly [number, number])[][] {
  return images.flatMap(({ facts }) => facts.ranges.map((range) => (range === null ? [] : [range])));
}
