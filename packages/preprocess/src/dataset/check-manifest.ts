import { type Fault, shortList } from './fault.js';
import type { Manifest } from './manifest.js';

/** Warnings on what a manifest says of itself: a number of cases that is not there, and ids with gaps; `file` is the manifest. */
export function checkManifest(
  { numTraining, labels }: Pick<Manifest, 'numTraining' | 'labels'>,
  caseCount: number,
  file: string,
): Fault[] {
  const faults: Fault[] = [];
  if (numTraining !== undefined && numTraining !== caseCount) {
    const fault = `numTraining is ${numTraining}, but there are ${caseCount} cases`;
    const mend = 'complete the download, or correct numTraining';
    faults.push({ rule: 'case-count', file, fault, mend, severity: 'warning' });
  }
  const ids = new Set(labels.map(({ id }) => id));
  const gaps = Array.from({ length: Math.max(...ids) }, (_, id) => id).filter((id) => !ids.has(id));
  if (gaps.length > 0) {
    const fault = `labels has no id ${shortList(gaps)}, though higher ones: nnU-Net asks for ids without gaps`;
    const mend = 'number the classes 0, 1, 2 and so on, in dataset.json and in the label files';
    faults.push({ rule: 'label-gap', file, fault, mend, severity: 'warning' });
  }
  return faults;
}
