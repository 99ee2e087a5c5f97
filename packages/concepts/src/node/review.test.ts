import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { reviewState } from '../review-state.js';
import { loadConceptSet } from '../shipped.js';
import { askAtTerminal } from './cli/ask-at-terminal.js';
import { readConceptSet } from './read-concept-set.js';
import { type ReviewAnswer, type ReviewQuestion, review } from './review.js';
import { writeConceptSet } from './write-concept-set.js';

let folder = '';
let file = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bipvl-review-'));
  file = join(folder, 'set.json');
  await writeConceptSet(file, loadConceptSet('msd-hippocampus'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const accept: ReviewAnswer = { verdict: 'accept' };

/** Reviews the file with answers to questions by their number, counted from 1; all others are accepted. */
async function answered(answers: Record<number, ReviewAnswer>, asked: ReviewQuestion[] = []) {
  return review({
    file,
    reviewer: ' A. Radiologist ',
    date: '2026-11-26',
    ask: async (question) => {
      asked.push(question);
      const answer = answers[asked.length] ?? accept;
      return answer;
    },
  });
}

describe('review', () => {
  it('asks about every text of every class and signs the file', async () => {
    const asked: ReviewQuestion[] = [];
    const { state, edited, stopped } = await answered({}, asked);
    expect(asked.map(({ number, total }) => [number, total])).toEqual(
      Array.from({ length: 12 }, (_, index) => [index + 1, 12]),
    );
    expect(asked[7]).toMatchObject({
      class: 'posterior hippocampus',
      slot: 'shape',
      findings: [],
      rejected: null,
    });
    expect({ state, edited, stopped }).toEqual({ state: 'reviewed', edited: 0, stopped: false });
    const set = await readConceptSet(file);
    expect(set.review).toMatchObject({ reviewer: 'A. Radiologist', date: '2026-11-26', rejected: [] });
    expect(await reviewState(set)).toBe('reviewed');
  });

  it('a signed file that is changed by hand is unsigned again', async () => {
    await answered({});
    const set = await readConceptSet(file);
    Object.assign(set.classes[0]?.concepts ?? {}, { shape: 'Something else.' });
    await writeConceptSet(file, set);
    expect(await reviewState(await readConceptSet(file))).toBe('changed');
  });

  it('asks again about an edited text, with what the lint says of it, and signs the new one', async () => {
    const asked: ReviewQuestion[] = [];
    const { state, edited } = await answered(
      { 2: { verdict: 'edit', text: 'Stores memory' }, 3: { verdict: 'edit', text: 'Thick front end.' } },
      asked,
    );
    expect(asked).toHaveLength(14);
    expect(asked[2]?.text).toBe('Stores memory');
    expect(asked[2]?.findings.map(({ rule }) => rule)).toEqual(['full-stop', 'function-word']);
    expect(asked.slice(1, 4).map(({ number }) => number)).toEqual([2, 2, 2]);
    expect({ state, edited }).toEqual({ state: 'reviewed', edited: 2 });
    expect((await readConceptSet(file)).classes[0]?.concepts.shape).toBe('Thick front end.');
  });

  it('keeps a rejection with its reason, does not count as reviewed, and tells it the next time', async () => {
    const { state, rejected } = await answered({ 3: { verdict: 'reject', reason: 'wrong gyrus' } });
    expect(state).toBe('rejected');
    expect(rejected).toEqual([{ class: 'anterior hippocampus', slot: 'location', reason: 'wrong gyrus' }]);
    const asked: ReviewQuestion[] = [];
    await answered({}, asked);
    expect(asked.map((question) => question.rejected)).toEqual([
      null,
      null,
      'wrong gyrus',
      ...Array(9).fill(null),
    ]);
    expect(await reviewState(await readConceptSet(file))).toBe('reviewed');
  });

  it('a stopped review keeps the edits and signs nothing', async () => {
    const { stopped } = await answered({
      1: accept,
      2: { verdict: 'edit', text: 'New.' },
      3: { verdict: 'stop' },
    });
    expect(stopped).toBe(true);
    const set = await readConceptSet(file);
    expect(set.review).toBeUndefined();
    expect(set.classes[0]?.concepts.shape).toBe('New.');
  });

  it('a review that is stopped at once leaves the file as it is', async () => {
    const before = await readFile(file, 'utf8');
    await answered({ 1: { verdict: 'stop' } });
    expect(await readFile(file, 'utf8')).toBe(before);
  });

  it('needs a name', async () => {
    const nameless = review({ file, reviewer: ' ', date: '2026-11-26', ask: async () => accept });
    await expect(nameless).rejects.toMatchObject({ code: 'no-reviewer', kind: 'usage' });
  });
});

describe('askAtTerminal', () => {
  const question: ReviewQuestion = {
    class: 'liver',
    slot: 'shape',
    text: 'Wedge\u001b[2J shape.',
    findings: [
      {
        class: 'liver',
        slot: 'shape',
        rule: 'plain-text',
        severity: 'error',
        message: 'holds a control character',
      },
    ],
    rejected: 'too\u202eshort',
    number: 3,
    total: 12,
  };

  /** Types keys one after the other, each once the terminal has drawn. */
  async function typed(...keys: string[]): Promise<{ answer: ReviewAnswer; shown: string }> {
    const terminal = { input: new PassThrough(), output: new PassThrough() };
    let shown = '';
    terminal.output.on('data', (piece) => {
      shown += String(piece);
    });
    const asked = askAtTerminal(question, terminal);
    for (const key of keys) {
      await new Promise((resolve) => setTimeout(resolve, 50));
      terminal.input.write(key);
    }
    return { answer: await asked, shown };
  }

  const [down, enter, leave] = ['\u001b[B', '\r', '\u0003'];

  it('shows the text so that it can do nothing to the terminal, and accepts at Enter', async () => {
    const { answer, shown } = await typed(enter);
    expect(answer).toEqual({ verdict: 'accept' });
    expect(shown).toContain(
      '3/12  liver, shape\n  Wedge\\u{1B}[2J shape.\n  error: liver, shape: holds a control character (plain-text)\n  rejected the last time: too\\u{202E}short\n',
    );
  });

  it('edits', async () => {
    const { answer } = await typed(down, enter, ' New.', enter);
    expect(answer).toMatchObject({ verdict: 'edit', text: expect.stringMatching(/shape\. New\.$/) });
  });

  it('rejects with a reason, which must be given', async () => {
    const { answer } = await typed(down, down, enter, enter, 'not a wedge', enter);
    expect(answer).toEqual({ verdict: 'reject', reason: 'not a wedge' });
  });

  it('stops where asked to, and at Ctrl-C', async () => {
    expect((await typed(down, down, down, enter)).answer).toEqual({ verdict: 'stop' });
    expect((await typed(leave)).answer).toEqual({ verdict: 'stop' });
  });
});
