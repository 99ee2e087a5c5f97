import type { CaseFacts } from './case-facts.js';
import { checkChannels } from './check-channels.js';
import { checkImage } from './check-image.js';
import { checkLabel } from './check-label.js';
import type { Fault } from './fault.js';
import type { VolumeFacts } from './volume-facts.js';

/** All faults of one case that was opened; `known` are the label values that stand for a class. */
export function checkOpenedCase(
  { files, images, label }: CaseFacts,
  channelNames: readonly string[],
  known: ReadonlySet<number>,
): Fault[] {
  const complete = images.length === files.images.length;
  return [
    ...images.flatMap(({ file, facts }) => [...remarks(file, facts), ...checkImage(file, facts)]),
    ...(complete ? checkChannels(images, channelNames) : []),
    ...(label === undefined || files.label === undefined
      ? []
      : [...remarks(files.label, label), ...checkLabel(files.label, label, images[0]?.facts, known)]),
  ];
}

function remarks(file: string, facts: VolumeFacts): Fault[] {
  const mend = 'save the file again with a program that you trust';
  return facts.remarks.map((fault) => ({
    rule: 'read-remark',
    file,
    fault,
    mend,
    severity: 'warning' as const,
  }));
}
