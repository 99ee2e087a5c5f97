import { Writable } from 'node:stream';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { StartEvent, StepEvent, TrainEvent } from '../loop/train-event.js';
import type { TrainingReporter } from './reporter.js';
import { createTrainingReporter } from './training-reporter.js';
import { duration } from './wording.js';

const start: StartEvent = {
  type: 'start',
  folder: '/runs/a',
  method: 'bipvl-seg',
  cases: { train: 100, validation: 20, heldOut: 0 },
  classes: ['liver'],
  step: 0,
  steps: 400,
  stepsPerEpoch: 50,
  parameters: 1234567,
  usesGpu: false,
  best: null,
};

function step(number: number): StepEvent {
  return {
    type: 'step',
    step: number,
    steps: 400,
    epoch: 1,
    epochs: 8,
    learningRate: 0.004,
    losses: { total: 1.5, segmentation: 1.25, globalAlignment: 0.5 },
    gradientNorm: 1,
    caseIds: ['a'],
    seconds: 1,
  };
}

class Screen extends Writable {
  readonly columns = 200;
  readonly rows = 50;
  text = '';

  constructor(readonly isTTY: boolean) {
    super();
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += String(chunk);
    done();
  }

  cursorTo(): boolean {
    return true;
  }

  clearLine(): boolean {
    return true;
  }
}

function reporterOn(
  screen: Screen,
  environment: NodeJS.ProcessEnv = {},
): { reporter: TrainingReporter; tick: (seconds: number) => void } {
  let time = 0;
  const reporter = createTrainingReporter(screen as unknown as NodeJS.WriteStream, {
    environment,
    now: () => time,
  });
  const tick = (seconds: number) => {
    time += seconds * 1000;
  };
  return { reporter, tick };
}

describe('the reporter on a pipe', () => {
  it('writes a line at least every five seconds of steps, with the time that is left', () => {
    const screen = new Screen(false);
    const { reporter, tick } = reporterOn(screen);
    reporter.onEvent(start);
    for (let number = 1; number <= 12; number++) {
      tick(1);
      reporter.onEvent(step(number));
    }
    const lines = screen.text.trim().split('\n');
    expect(lines[0]).toBe(
      'training bipvl-seg on 100 cases, validating on 20: 400 steps (50 an epoch), 1,234,567 parameters, on the CPU',
    );
    expect(lines.slice(1).map((line) => line.split(',')[0])).toEqual([
      'step 1/400',
      'step 6/400',
      'step 11/400',
    ]);
    expect(lines[2]).toBe(
      'step 6/400, epoch 1/8: loss 1.500 (segmentation 1.250, global alignment 0.500), learning rate 4.0e-3, 6 min 34 s to go',
    );
  });

  it('writes what is worth knowing as it comes', () => {
    const screen = new Screen(false);
    const { reporter } = reporterOn(screen);
    const events: TrainEvent[] = [
      { type: 'notice', message: 'a.nii.gz: is empty' },
      {
        type: 'validation',
        step: 100,
        meanDsc: 0.8,
        dsc: { liver: 0.8, spleen: null },
        cases: 20,
        isBest: true,
        seconds: 3,
      },
      { type: 'end', status: 'interrupted', step: 100, steps: 400, best: null, bundle: null, seconds: 5 },
    ];
    for (const event of events) reporter.onEvent(event);
    expect(screen.text).toBe(
      'note: a.nii.gz: is empty\n' +
        'validation after step 100: DSC 0.800 (liver 0.800, spleen -) over 20 cases, the best so far\n' +
        'interrupted after step 100 of 400, and saved\n',
    );
  });
});

describe('the reporter on a terminal', () => {
  it('draws a bar with epoch, losses, rate, last DSC and time to go, without colours', async () => {
    const screen = new Screen(true);
    const { reporter, tick } = reporterOn(screen);
    reporter.onEvent(start);
    reporter.onEvent({
      type: 'validation',
      step: 100,
      meanDsc: 0.8,
      dsc: { liver: 0.8 },
      cases: 20,
      isBest: true,
      seconds: 3,
    });
    tick(200);
    reporter.onEvent(step(100));
    await setTimeout(300);
    reporter.stop();
    expect(screen.text).toContain('100/400 | 10 min 0 s to go | epoch 1/8 | learning rate 4.0e-3');
    expect(screen.text).toContain('  loss 1.500 (segmentation 1.250, global alignment 0.500)');
    expect(screen.text).toContain('  validation DSC liver 0.800');
    const codes = screen.text.split('\u001b').slice(1);
    expect(codes.some((code) => /^\[[0-9;]*m/.test(code))).toBe(false);
  });

  it.each([{ CI: 'true' }, { TERM: 'dumb' }])('keeps to lines where the environment is %o', (environment) => {
    const screen = new Screen(true);
    const { reporter } = reporterOn(screen, environment);
    reporter.onEvent(start);
    reporter.onEvent(step(1));
    expect(screen.text.split('\n').length).toBe(3);
  });
});

describe('a duration', () => {
  it.each([
    [0.4, '0 s'],
    [59, '59 s'],
    [200, '3 min 20 s'],
    [7500, '2 h 5 min'],
    [7199, '2 h 0 min'],
  ])('of %d s reads %s', (seconds, text) => {
    expect(duration(seconds)).toBe(text);
  });
});
