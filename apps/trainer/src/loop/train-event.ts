/** DSC of each class over the validation cases that show it, by name; null where none does. */
export type ClassScores = Readonly<Record<string, number | null>>;

/** A validation: after which step, and how well. */
export interface ValidationScore {
  readonly step: number;
  /** Mean over the classes, background excluded; null where no class occurs. */
  readonly meanDsc: number | null;
  readonly dsc: ClassScores;
}

/** What a run is about to do. */
export interface StartEvent {
  readonly type: 'start';
  readonly folder: string;
  readonly method: string;
  readonly cases: { readonly train: number; readonly validation: number; readonly heldOut: number };
  readonly classes: readonly string[];
  /** First step that is still to do; above 0 in a resumed run. */
  readonly step: number;
  readonly steps: number;
  readonly stepsPerEpoch: number;
  readonly parameters: number;
  readonly usesGpu: boolean;
  readonly best: ValidationScore | null;
}

/** Something a user should know and that stops nothing. */
export interface NoticeEvent {
  readonly type: 'notice';
  readonly message: string;
}

/** Work that comes in pieces, besides the steps. */
export interface ProgressEvent {
  readonly type: 'progress';
  readonly what:
    | 'fetching text encoder'
    | 'checking cases'
    | 'measuring cases'
    | 'preparing cases'
    | 'validating';
  readonly done: number;
  readonly total: number;
}

/** A step that has been taken. */
export interface StepEvent {
  readonly type: 'step';
  /** Counted from 1: how many steps are done. */
  readonly step: number;
  readonly steps: number;
  /** Counted from 1. */
  readonly epoch: number;
  readonly epochs: number;
  readonly learningRate: number;
  /** The objective under `total`, and its parts by name. */
  readonly losses: Readonly<Record<string, number>>;
  readonly gradientNorm: number;
  readonly caseIds: readonly string[];
  readonly seconds: number;
}

/** A validation that has been made. */
export interface ValidationEvent extends ValidationScore {
  readonly type: 'validation';
  readonly cases: number;
  /** Whether this is the best model so far. */
  readonly isBest: boolean;
  readonly seconds: number;
}

/** A checkpoint that lies on disk. */
export interface CheckpointEvent {
  readonly type: 'checkpoint';
  readonly step: number;
  readonly file: string;
  readonly bytes: number;
}

/** How a run ended. */
export interface EndEvent {
  readonly type: 'end';
  readonly status: 'finished' | 'interrupted';
  readonly step: number;
  readonly steps: number;
  readonly best: ValidationScore | null;
  /** Folder of the bundle; null where the run was interrupted. */
  readonly bundle: string | null;
  readonly seconds: number;
}

/** What a run tells while it goes on. */
export type TrainEvent =
  | StartEvent
  | NoticeEvent
  | ProgressEvent
  | StepEvent
  | ValidationEvent
  | CheckpointEvent
  | EndEvent;
