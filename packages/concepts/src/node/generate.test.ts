import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Estimate } from '../generation/estimate.js';
import { planGeneration } from '../generation/plan.js';
import { reviewState, withReview } from '../review-state.js';
import { ChatServer, completion, fault, json, obedientReply } from './__fixtures__/chat-server.js';
import { type GenerateOptions, generate } from './generate.js';
import { fileProvider } from './providers/file-provider.js';
import { openAiProvider } from './providers/openai-provider.js';
import { readConceptSet } from './read-concept-set.js';
import { writeConceptSet } from './write-concept-set.js';

const classes = ['left lung', 'aorta'];
let server: ChatServer;
let folder = '';
beforeAll(async () => {
  server = await ChatServer.start();
});
afterAll(() => server.stop());
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bipvl-concepts-'));
  server.willAnswer(json(200, completion(obedientReply(classes))));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const out = () => join(folder, 'heart.json');

function options(over: Partial<GenerateOptions> = {}): GenerateOptions {
  return {
    modality: 'CT',
    classes,
    provider: openAiProvider({ baseUrl: server.url, wait: async () => {} }),
    model: 'gpt-4o',
    name: 'heart',
    dataset: 'a test',
    date: '2026-11-26',
    labels: [500, 820],
    out: out(),
    cacheFolder: join(folder, 'cache'),
    ...over,
  };
}

describe('generate', () => {
  it('asks once and writes a set that says where it comes from and that nobody has reviewed it', async () => {
    const { set, findings, cached } = await generate(options());
    expect(server.received).toHaveLength(1);
    expect(cached).toBe(false);
    expect(findings).toEqual([]);
    expect(await readConceptSet(out())).toEqual(set);
    expect(set.classes.map(({ label, name, concepts }) => [label, name, concepts.title])).toEqual([
      [500, 'left lung', 'Left lung in a CT Image'],
      [820, 'aorta', 'Aorta in a CT Image'],
    ]);
    const { request } = planGeneration({ modality: 'CT', classes }, 'gpt-4o', { attempts: 3 });
    expect(set.provenance).toMatchObject({
      model: 'gpt-4o-2024-08-06',
      date: '2026-11-26',
      generation: {
        provider: `openai ${server.url}`,
        requestedModel: 'gpt-4o',
        template: '1',
        prompt: request.messages,
        reply: obedientReply(classes),
        usage: { input: 321, output: 654 },
      },
    });
    expect(await reviewState(set)).toBe('unreviewed');
  });

  it.runIf(process.platform !== 'win32')('keeps what it writes from other users', async () => {
    await generate(options());
    expect((await stat(out())).mode & 0o777).toBe(0o600);
  });

  it('tells of findings and writes all the same', async () => {
    const reply = obedientReply(classes).replaceAll('Even grain', 'Filters blood with grain');
    server.willAnswer(json(200, completion(reply)));
    const { findings } = await generate(options());
    expect(findings.map(({ class: name, slot, rule }) => [name, slot, rule])).toEqual([
      ['left lung', 'texture', 'function-word'],
      ['aorta', 'texture', 'function-word'],
    ]);
  });

  it('shows the cost before it sends, and sends nothing without a yes', async () => {
    const estimates: Estimate[] = [];
    const approve = (estimate: Estimate) => {
      estimates.push(estimate);
      expect(server.received).toEqual([]);
      return false;
    };
    await expect(generate(options({ approve }))).rejects.toMatchObject({
      code: 'not-approved',
      kind: 'usage',
    });
    expect(server.received).toEqual([]);
    expect(await readdir(folder)).toEqual([]);
    expect(estimates).toMatchObject([{ model: 'gpt-4o', outputTokens: 1600, attempts: 3 }]);
  });

  it('finds in the cache what was asked before, and asks again for anything else', async () => {
    await generate(options());
    const approve = () => {
      throw new Error('was asked to approve');
    };
    expect(
      (await generate(options({ approve, date: '2027-01-01', labels: [1, 2], out: undefined }))).cached,
    ).toBe(true);
    expect(server.received).toHaveLength(1);
    server.willAnswer(json(200, completion(obedientReply(['aorta', 'left lung']))));
    await generate(options({ classes: ['aorta', 'left lung'], out: undefined }));
    await generate(options({ region: 'chest', out: undefined }));
    await generate(options({ model: 'gpt-4o-mini', out: undefined }));
    await generate(options({ cacheFolder: null, out: undefined }));
    expect(server.received).toHaveLength(4);
  });

  it('a damaged cache counts as none', async () => {
    await generate(options());
    const [name = ''] = await readdir(join(folder, 'cache'));
    await writeFile(join(folder, 'cache', name), '{"text": "cut');
    expect((await generate(options())).cached).toBe(false);
    expect(server.received).toHaveLength(2);
  });

  it('a cache that cannot be written is said to be so', async () => {
    await writeFile(join(folder, 'a file'), '');
    const cacheFolder = join(folder, 'a file', 'cache');
    await expect(generate(options({ cacheFolder }))).rejects.toMatchObject({ code: 'unwritable-cache' });
  });

  it('replaces other texts only with a yes, and shows what changes', async () => {
    const { set } = await generate(options());
    const changed = json(200, completion(obedientReply(classes, 'a CT Image', 'quite its')));
    server.willAnswer(changed);
    await expect(generate(options({ cacheFolder: null }))).rejects.toMatchObject({ code: 'not-replaced' });
    expect(await readConceptSet(out())).toEqual(set);
    const replace: GenerateOptions['replace'] = ({ texts, added, removed }) => {
      expect({ added, removed }).toEqual({ added: [], removed: [] });
      expect(texts[0]).toEqual({
        class: 'left lung',
        slot: 'shape',
        before: 'Round like left lung, in its own way.',
        after: 'Round like left lung, in quite its own way.',
      });
      expect(texts).toHaveLength(2);
      return true;
    };
    await generate(options({ cacheFolder: null, replace }));
    expect((await readConceptSet(out())).classes[0]?.concepts.shape).toContain('quite');
  });

  it('a set that is generated again is unsigned again', async () => {
    const { set } = await generate(options());
    await writeConceptSet(out(), await withReview(set, { reviewer: 'R', date: '2026-11-26', rejected: [] }));
    await generate(options({ replace: () => true }));
    expect(await reviewState(await readConceptSet(out()))).toBe('unreviewed');
  });

  it('leaves alone a file that holds something else', async () => {
    await writeFile(out(), '{"mine": 1}');
    await expect(generate(options({ replace: () => true }))).rejects.toMatchObject({
      code: 'invalid-concept-set',
    });
    expect(server.received).toEqual([]);
    expect(await readFile(out(), 'utf8')).toBe('{"mine": 1}');
  });

  it.each<[string, Partial<GenerateOptions>, string]>([
    ['a name that is none', { name: 'My Heart' }, 'invalid-concept-set'],
    ['no data set', { dataset: '' }, 'invalid-concept-set'],
    ['a day that is none', { date: '26.11.2026' }, 'invalid-concept-set'],
    ['too few labels', { labels: [1] }, 'label-count'],
    ['a label twice', { labels: [1, 1] }, 'invalid-concept-set'],
    ['a label of the background', { labels: [0, 1] }, 'invalid-concept-set'],
    ['a hostile class', { classes: ['aorta', 'x\ny'] }, 'hostile-class-name'],
    ['no class', { classes: [] }, 'no-classes'],
  ])('%s is found before anything is sent', async (_what, over, code) => {
    await expect(generate(options(over))).rejects.toMatchObject({ code });
    expect(server.received).toEqual([]);
    expect(await readdir(folder)).toEqual([]);
  });

  it.each([
    ['an error', fault(500, 'oops', 'x'), 'server-error'],
    ['a refusal', json(200, completion(null, { message: { content: null, refusal: 'no' } })), 'refused'],
    ['prose', json(200, completion('Here you are!')), 'malformed-reply'],
    ['an empty reply', json(200, completion(null)), 'empty-reply'],
    ['another schema', json(200, completion('{"texts": []}')), 'invalid-reply'],
    ['other classes', json(200, completion(obedientReply(['aorta', 'liver']))), 'invalid-reply'],
    [
      'hostile texts',
      json(200, completion(obedientReply(classes).replace('Even grain', '<b>Even</b> grain'))),
      'hostile-reply',
    ],
  ])('%s leaves nothing behind, in the cache neither', async (_what, answer, code) => {
    server.willAnswer(answer);
    await expect(generate(options())).rejects.toMatchObject({ code });
    expect(await readdir(folder)).toEqual([]);
  });

  it('a signal ends it and nothing is written', async () => {
    server.willAnswer(() => {});
    const controller = new AbortController();
    const reason = new Error('stopped by a test');
    setTimeout(() => controller.abort(reason), 50);
    await expect(generate(options({ signal: controller.signal }))).rejects.toBe(reason);
    expect(await readdir(folder)).toEqual([]);
  });
});

describe('generate from a file', () => {
  it('reads a reply that someone got elsewhere, asks for no approval and caches nothing', async () => {
    const reply = join(folder, 'reply.json');
    await writeFile(reply, obedientReply(classes));
    const approve = () => false;
    const { set } = await generate(options({ provider: fileProvider(reply), model: 'some-model', approve }));
    expect(set.provenance).toMatchObject({
      model: 'some-model',
      generation: { provider: 'file', usage: null },
    });
    expect(server.received).toEqual([]);
    expect(await readdir(folder)).toEqual(['heart.json', 'reply.json']);
  });

  it('says what is wrong with the file', async () => {
    const provider = fileProvider(join(folder, 'none.json'));
    await expect(generate(options({ provider }))).rejects.toMatchObject({
      code: 'unreadable-reply',
      kind: 'data',
    });
  });
});
