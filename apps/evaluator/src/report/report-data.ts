import type { ConceptSet, LintFinding, ReviewState } from '@bipvl/concepts';
import type { OverlayPlane } from './overlay/overlay-plane.js';

/** A line of a two-column table. */
export interface Row {
  readonly key: string;
  readonly value: string | number | boolean | null;
}

/** One class: `id` is its label value in the mask; `colour` a CSS hex colour, chosen from a colour-blind-safe palette if absent. */
export interface ReportClass {
  readonly id: number;
  readonly name: string;
  readonly colour?: string | undefined;
}

/** What was trained and tested on. Counts are cases. */
export interface DatasetFacts {
  readonly name: string;
  readonly licence: string;
  readonly citation: string;
  readonly modality: string;
  readonly caseCount: number;
  readonly trainCount: number;
  readonly validationCount: number;
  readonly heldOutCount: number;
  readonly seed: number;
  readonly fold: number;
}

/** The network by name, number of trainable parameters, and whatever else describes it. */
export interface ModelFacts {
  readonly name: string;
  readonly parameters: number;
  readonly rows: readonly Row[];
}

/** Losses of one step; `total` is the weighted sum that was minimised, the others its parts by name. */
export interface TrainingStep {
  readonly step: number;
  readonly epoch: number;
  readonly learningRate: number;
  readonly losses: Readonly<{ total: number } & Record<string, number>>;
}

/** Validation DSC per class name after a step. */
export interface ValidationPoint {
  readonly step: number;
  readonly dsc: Readonly<Record<string, number | null>>;
}

/** The course of training; `seconds` is wall time. */
export interface TrainingHistory {
  readonly steps: readonly TrainingStep[];
  readonly validation: readonly ValidationPoint[];
  readonly seconds: number;
}

/**
 * Mean over cases with its 95 % interval; null where it is undefined. `n` counts the cases behind the mean;
 * `missed` those where the prediction has none of a class that is there, `hallucinated` the reverse.
 */
export interface Summary {
  readonly mean: number | null;
  readonly low: number | null;
  readonly high: number | null;
  readonly n: number;
  readonly missed: number;
  readonly hallucinated: number;
}

/** Held-out scores of one class: DSC and NSD from 0 to 1, HD95 in mm. */
export interface ClassSummary {
  readonly classId: number;
  readonly dsc: Summary;
  readonly hd95Mm: Summary;
  readonly nsd: Summary;
}

/** Scores and volumes of one class in one case; a score is null where it is undefined. Volumes are in ml. */
export interface CaseClassScore {
  readonly classId: number;
  readonly dsc: number | null;
  readonly hd95Mm: number | null;
  readonly nsd: number | null;
  readonly referenceMl: number;
  readonly predictedMl: number;
  readonly differenceMl: number;
}

/** All classes of one held-out case. */
export interface CaseScores {
  readonly caseId: string;
  readonly classes: readonly CaseClassScore[];
}

/** A case in pictures; `dsc` is its mean over classes. */
export interface CaseOverlay {
  readonly role: 'worst' | 'median' | 'best';
  readonly caseId: string;
  readonly dsc: number | null;
  readonly planes: readonly OverlayPlane[];
}

/** Held-out DSC of one variant of the run (`key` as in results.json), for the question what the text does. */
export interface Comparison {
  readonly key: string;
  readonly label: string;
  readonly explanation: string;
  readonly dsc: readonly {
    readonly classId: number;
    readonly mean: number | null;
    readonly low: number | null;
    readonly high: number | null;
  }[];
  readonly seconds?: number | undefined;
}

/** The texts the model read, with what the lint says of them and whether a person has signed them. */
export interface ConceptFacts {
  readonly set: ConceptSet;
  readonly hash: string;
  readonly findings: readonly LintFinding[];
  readonly review: ReviewState;
}

/** A command the reader may type next. */
export interface NextCommand {
  readonly purpose: string;
  readonly command: string;
}

/** Everything the report shows; it reads no file, no clock and no environment itself. */
export interface ReportData {
  readonly title: string;
  /** ISO 8601 date and time. */
  readonly createdAt: string;
  readonly productVersion: string;
  /** Said in a banner when the run did not use real scans. */
  readonly phantomBanner?: string | undefined;
  readonly dataset: DatasetFacts;
  /** The fully resolved configuration: a tree of plain values. */
  readonly config: unknown;
  readonly model: ModelFacts;
  readonly environment: readonly Row[];
  readonly training: TrainingHistory;
  readonly classes: readonly ReportClass[];
  readonly nsdToleranceMm: number;
  readonly summary: readonly ClassSummary[];
  readonly cases: readonly CaseScores[];
  readonly overlays: readonly CaseOverlay[];
  readonly comparisons: readonly Comparison[];
  readonly concepts: ConceptFacts;
  readonly notes: readonly string[];
  readonly commands: readonly NextCommand[];
}
