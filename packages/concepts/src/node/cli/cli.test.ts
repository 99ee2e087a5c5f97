import { spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { withReview } from '../../review-state.js';
import { loadConceptSet } from '../../shipped.js';
import {
  type Answer,
  ChatServer,
  completion,
  fault,
  json,
  obedientReply,
} from '../__fixtures__/chat-server.js';
import { readConceptSet } from '../read-concept-set.js';
import { writeConceptSet } from '../write-concept-set.js';
import { main } from './main.js';

const launcher = fileURLToPath(new URL('../../../bin/bipvl-concepts.mjs', import.meta.url));
const canary = 'sk-canary-7c1f-4d2e';
const classes = ['left lung', 'aorta'];

let server: ChatServer;
let folder = '';
beforeAll(async () => {
  server = await ChatServer.start();
});
afterAll(() => server.stop());
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bipvl concepts '));
  server.willAnswer(json(200, completion(obedientReply(classes))));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs the real command in a process of its own, without a terminal, with the canary as every key it might take. */
function run(parameters: readonly string[], nodeOptions = ''): Promise<Ended> {
  const env = {
    ...process.env,
    BIPVL_CACHE: join(folder, 'cache'),
    OPENAI_API_KEY: canary,
    OPENAI_ADMIN_KEY: canary,
    HOSPITAL_KEY: canary,
    OPENAI_LOG: 'debug',
    NODE_OPTIONS: nodeOptions,
  };
  const child = spawn(process.execPath, [launcher, ...parameters], { env, cwd: folder, stdio: 'pipe' });
  child.stdin.end();
  let out = '';
  let err = '';
  child.stdout.on('data', (piece) => {
    out += String(piece);
  });
  child.stderr.on('data', (piece) => {
    err += String(piece);
  });
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, out, err })));
}

/** The same in this process, for commands that end before they do anything. */
async function runHere(parameters: readonly string[]): Promise<Omit<Ended, 'out'>> {
  let err = '';
  const spy = vi.spyOn(process.stderr, 'write').mockImplementation((piece) => {
    err += String(piece);
    return true;
  });
  try {
    return { code: await main(parameters), err };
  } finally {
    spy.mockRestore();
  }
}

function generateParameters(more: readonly string[]): string[] {
  const wanted = [
    '--modality',
    'ct',
    '--classes',
    classes.join(', '),
    '--out',
    'my heart.json',
    '--name',
    'heart',
  ];
  return ['generate', ...wanted, '--base-url', server.url, '--key-variable', 'HOSPITAL_KEY', ...more];
}

const generate = (...more: string[]) => run(generateParameters(more));

/** Everything that lies in the folder, as text by path. */
async function artefacts(): Promise<Record<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Object.fromEntries(
    await Promise.all(files.map(async (path) => [path, await readFile(path, 'utf8')])),
  );
}

describe('generate', () => {
  it('shows the cost, sends, writes, and names the next command; asked again it sends nothing', async () => {
    const first = await generate('--yes');
    expect(first).toMatchObject({ code: 0 });
    expect(first.err).toMatch(
      /^gpt-4o: at most \d+ tokens in and 1600 out, sent at most 3 times: at most \$0\.\d{4} \(list prices of \d{4}-\d\d-\d\d\)\nused 321 tokens in and 654 out: \$0\.0074\n$/,
    );
    expect(first.out).toBe(
      "wrote my heart.json: 2 classes, 0 findings\nnext: bipvl-concepts review 'my heart.json' --reviewer 'YOUR NAME'\n",
    );
    expect(server.received[0]?.headers['authorization']).toBe(`Bearer ${canary}`);
    const again = await generate('--yes');
    expect(again.err).toBe('the reply was in the cache: nothing was sent\n');
    expect(server.received).toHaveLength(1);
    expect((await readConceptSet(join(folder, 'my heart.json'))).name).toBe('heart');
  });

  it('says that it does not know a price', async () => {
    expect((await generate('--yes', '--model', 'llama-3')).err).toMatch(
      /^llama-3: .*what it costs is not known/,
    );
  });

  it('sends nothing where nobody said yes', async () => {
    const { code, err } = await generate();
    expect(code).toBe(2);
    expect(err).toMatch(/at most \$.*\nerror: nothing was sent: the cost was not approved\nmend: .*--yes/);
    expect(server.received).toEqual([]);
    expect(await artefacts()).toEqual({});
  });

  it('prints the request of a dry run, which answers by hand turn into a set', async () => {
    const { code, out } = await generate('--dry-run');
    expect(code).toBe(0);
    const { messages, schema } = JSON.parse(out);
    expect(messages).toHaveLength(2);
    expect(schema).toMatchObject({ type: 'object' });
    expect(await artefacts()).toEqual({});
    await writeFile(join(folder, 'reply.json'), obedientReply(classes));
    const file = ['--modality', 'CT', '--classes', classes.join(), '--out', 'by-hand.json'];
    const made = await run([
      'generate',
      ...file,
      '--provider',
      'file',
      '--reply',
      'reply.json',
      '--model',
      'm',
    ]);
    expect(made).toMatchObject({ code: 0, err: '' });
    expect((await readConceptSet(join(folder, 'by-hand.json'))).provenance.model).toBe('m');
    expect(server.received).toEqual([]);
  });

  it('shows what would change in a file before it replaces its texts', async () => {
    await generate('--yes');
    server.willAnswer(json(200, completion(obedientReply(classes, 'a CT Image', 'quite its'))));
    const { err } = await generate('--yes', '--no-cache');
    expect(err).toContain(
      'left lung, shape\n- Round like left lung, in its own way.\n+ Round like left lung, in quite its own way.\n',
    );
  });

  it.each<[string, string[], RegExp]>([
    ['another modality', ['--modality', 'US'], /neither CT nor MR/],
    ['an unknown provider', ['--provider', 'oracle'], /neither openai nor file/],
    ['a file without a reply', ['--provider', 'file'], /needs a reply/],
    ['a reply without a file', ['--reply', 'x'], /--reply is for --provider file/],
    ['labels that are none', ['--labels', '1,x'], /no whole number/],
    ['http to another machine', ['--base-url', 'http://10.0.0.5/v1'], /neither https nor on this machine/],
    ['an unknown option', ['--temperature', '2'], /unknown option '--temperature'/],
  ])('%s: one line, the mend, exit code 2', async (_what, parameters, message) => {
    const { code, err } = await runHere(generateParameters(parameters));
    expect(code).toBe(2);
    expect(err).toMatch(/^error: .+\nmend: .+\n$/);
    expect(err).toMatch(message);
  });
});

describe('the key', () => {
  const hang: Answer = (response) => response.destroy();
  const echo: Answer = (response, { headers }) =>
    json(200, completion(JSON.stringify(headers), {}, { model: String(headers['authorization']) }))(
      response,
      {
        method: '',
        url: '',
        headers,
        body: {},
      },
    );

  it.each<[string, Answer, string[], number]>([
    ['a set is written', json(200, completion(obedientReply(classes))), [], 0],
    ['the server repeats it in a reply', echo, [], 4],
    ['the server repeats it in an error', fault(401, `wrong key ${canary}`, canary), [], 2],
    [
      'the server fails',
      json(400, `<b>${canary}</b>`, { 'x-request-id': canary, 'set-cookie': canary }),
      [],
      2,
    ],
    ['the connection breaks', hang, [], 5],
    ['it is typed in the wrong place', hang, ['--key-variable', canary], 2],
    ['the reply is no completion', json(200, { key: canary }), [], 4],
  ])('appears nowhere, where %s', async (_what, answer, parameters, expected) => {
    server.willAnswer(answer);
    const { code, out, err } = await generate('--yes', '--debug', ...parameters);
    expect(code).toBe(expected);
    expect(out + err).not.toContain(canary);
    expect(JSON.stringify(await artefacts())).not.toContain(canary);
  });
});

describe('the other verbs', () => {
  it('lint: findings as lines or JSON, 4 where training must not start', async () => {
    const shipped = await run(['lint', 'amos22-ct']);
    expect(shipped).toEqual({
      code: 0,
      out: 'amos22-ct: 15 classes, 0 findings, not reviewed by a person\n',
      err: '',
    });
    const set = loadConceptSet('phantom');
    Object.assign(set.classes[0]?.concepts ?? {}, { shape: 'Pumps\u001b[2J' });
    await writeConceptSet(join(folder, 'bad.json'), set);
    const bad = await run(['lint', './bad.json']);
    expect(bad.code).toBe(4);
    expect(bad.out).toMatch(/^warning: liver, shape: .*\n/);
    expect(bad.out).not.toContain('\u001b');
    const parsed = JSON.parse((await run(['lint', './bad.json', '--json'])).out);
    expect(parsed).toMatchObject({ name: 'phantom', fit: false, review: 'unreviewed' });
    expect(parsed.findings.map(({ rule }: { rule: string }) => rule)).toContain('plain-text');
  });

  it('lint says who stands behind a set', async () => {
    const outcome = { reviewer: 'A', date: '2026-11-26', rejected: [] };
    const signed = await withReview(loadConceptSet('phantom'), outcome);
    await writeConceptSet(join(folder, 'signed.json'), signed);
    expect((await run(['lint', 'signed.json'])).out).toBe('phantom: 5 classes, 0 findings, reviewed\n');
  });

  it('diff: what changed, or that nothing did', async () => {
    const set = loadConceptSet('phantom');
    Object.assign(set.classes[1]?.concepts ?? {}, { shape: 'Round.' });
    await writeConceptSet(join(folder, 'mine.json'), set);
    const { code, out } = await run(['diff', 'phantom', 'mine.json']);
    expect(code).toBe(0);
    expect(out).toBe(
      'spleen, shape\n- Compact curved crescent, thick in the middle with blunt rounded ends.\n+ Round.\n',
    );
    expect((await run(['diff', 'phantom', 'phantom'])).out).toBe('the same classes and texts\n');
    expect(JSON.parse((await run(['diff', 'phantom', 'mine.json', '--json'])).out).texts).toHaveLength(1);
  });

  it('list: the shipped sets', async () => {
    const { out } = await run(['list', '--json']);
    expect(
      JSON.parse(out).map(({ name, classes: { length } }: { name: string; classes: string[] }) => [
        name,
        length,
      ]),
    ).toEqual([
      ['msd-hippocampus', 2],
      ['phantom', 5],
      ['mm-whs-ct', 7],
      ['mm-whs-mr', 7],
      ['amos22-ct', 15],
      ['msd-brain', 3],
    ]);
    expect((await run(['list'])).out).toMatch(
      /^msd-hippocampus: MR, 2 classes, not reviewed by a person: anterior/,
    );
  });

  it('review needs a terminal', async () => {
    await writeConceptSet(join(folder, 'mine.json'), loadConceptSet('phantom'));
    const { code, err } = await run(['review', 'mine.json', '--reviewer', 'A']);
    expect(code).toBe(2);
    expect(err).toMatch(/there is no terminal/);
  });

  it('--help and --version need neither network nor the client', async () => {
    const shim = join(folder, 'no-network.mjs');
    await writeFile(
      shim,
      "import net from 'node:net'; net.Socket.prototype.connect = () => { throw new Error('a socket was opened'); };",
    );
    const nodeOptions = `--import "${shim}"`;
    expect((await run(['--help'], nodeOptions)).out).toMatch(
      /generate [\s\S]*lint [\s\S]*review [\s\S]*diff [\s\S]*list /,
    );
    expect((await run(['--version'], nodeOptions)).out).toMatch(/^\d+\.\d+\.\d+\n$/);
    expect((await run(['lint', 'phantom'], nodeOptions)).code).toBe(0);
  });

  it.each([
    [['lint', 'fantom'], /Did you mean "phantom"/, 2],
    [['lint', 'none.json'], /none\.json: cannot be read/, 4],
    [['lintt'], /unknown command 'lintt'/, 2],
    [['review', 'none.json'], /required option '--reviewer/, 2],
  ])('%j is refused', async (parameters, message, expected) => {
    const { code, err } = await runHere(parameters);
    expect(err).toMatch(message);
    expect(code).toBe(expected);
  });
});
