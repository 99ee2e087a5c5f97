import { loadConceptSet } from '@bipvl/concepts';
import { renderOverlay } from '../overlay/render-overlay.js';
import type { CaseScores, ReportData, Summary } from '../report-data.js';

const classes = [
  { id: 1, name: 'anterior hippocampus' },
  { id: 2, name: 'posterior hippocampus' },
];

function summary(mean: number): Summary {
  return { mean, low: mean - 0.01, high: mean + 0.01, n: 3, missed: 0, hallucinated: 0 };
}

function caseScores(caseId: string, dsc: number): CaseScores {
  const score = { dsc, hd95Mm: 1.5, nsd: 0.95, referenceMl: 2, predictedMl: 2.1, differenceMl: 0.1 };
  return { caseId, classes: classes.map(({ id }) => ({ classId: id, ...score })) };
}

function planes(): ReportData['overlays'][number]['planes'] {
  const shape = [6, 8, 5] as const;
  const voxels = shape[0] * shape[1] * shape[2];
  const image = { data: Float32Array.from({ length: voxels }, (_, voxel) => voxel % 17), shape, spacing: [1, 1, 2] as const };
  const labels = Uint8Array.from({ length: voxels }, (_, voxel) => (voxel > 90 && voxel < 130 ? 1 + (voxel % 2) : 0));
  return renderOverlay(image, labels, labels, classes);
}

/** Three cases, two classes, four steps: every part of a report, made of made-up numbers. */
export function smallReport(): ReportData {
  return {
    title: 'Hippocampus, three cases',
    createdAt: '2026-11-23T18:20:31.123Z',
    productVersion: '0.1.0',
    phantomBanner: undefined,
    dataset: {
      name: 'Task04 Hippocampus',
      licence: 'CC-BY-SA 4.0',
      citation: 'Antonelli et al. 2022, https://doi.org/10.1038/s41467-022-30695-9',
      modality: 'MR',
      caseCount: 12,
      trainCount: 6,
      validationCount: 3,
      heldOutCount: 3,
      seed: 42,
      fold: 0,
    },
    config: { seed: 42, model: { backbone: 'unet', channels: [16, 32] } },
    model: { name: 'BiPVL-Seg', parameters: 1234567, rows: [{ key: 'fusion', value: 'BiFusion' }] },
    environment: [{ key: 'Node', value: '20.0.0' }],
    training: {
      steps: [1, 2, 3, 4].map((step) => ({
        step,
        epoch: step,
        learningRate: 0.001 / step,
        losses: { total: 3 / step, segmentation: 1 / step, classEmbedding: 0.5 / step, localAlignment: 0.2 },
      })),
      validation: [{ step: 4, dsc: { 'anterior hippocampus': 0.8, 'posterior hippocampus': null } }],
      seconds: 75,
    },
    classes,
    nsdToleranceMm: 1,
    summary: [
      { classId: 1, dsc: summary(0.87), hd95Mm: summary(1.4), nsd: summary(0.96) },
      {
        classId: 2,
        dsc: { ...summary(0.86), missed: 1 },
        hd95Mm: { mean: null, low: null, high: null, n: 0, missed: 1, hallucinated: 0 },
        nsd: summary(0.95),
      },
    ],
    cases: [caseScores('case_b', 0.9), caseScores('case_a', 0.7), caseScores('case_c', 0.8)],
    overlays: [
      { role: 'worst', caseId: 'case_a', dsc: 0.7, planes: planes() },
      { role: 'best', caseId: 'case_b', dsc: 0.9, planes: planes() },
    ],
    comparisons: [
      { key: 'full', label: 'BiPVL-Seg', explanation: 'texts as written', dsc: scoresOf(0.87), seconds: 75 },
      { key: 'blank_texts', label: 'Blank texts', explanation: 'every text is empty', dsc: scoresOf(0.7) },
    ],
    concepts: {
      set: loadConceptSet('msd-hippocampus'),
      hash: 'a'.repeat(64),
      review: 'unreviewed',
      findings: [
        { class: 'anterior hippocampus', slot: 'shape', rule: 'full-stop', message: 'does not end well', severity: 'warning' },
      ],
    },
    notes: ['With two classes the local alignment equals full InfoNCE.'],
    commands: [{ purpose: 'Segment a scan:', command: 'npx bipvl-evaluator predict runs/demo/bundle SCAN.nii.gz --out DIR' }],
  };
}

function scoresOf(mean: number): ReportData['comparisons'][number]['dsc'] {
  return classes.map(({ id }) => ({ classId: id, mean, low: mean - 0.02, high: mean + 0.02 }));
}
