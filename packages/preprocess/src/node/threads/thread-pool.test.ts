import { afterEach, describe, expect, test } from 'vitest';
import { PreprocessError } from '../../errors.js';
import { ThreadPool } from './thread-pool.js';

// Threads run compiled code; what they answer with comes from the package as it is built.
const answerJobs = new URL('../../../dist/node/threads/answer-jobs.js', import.meta.url).href;

/** The script of threads, which sees the job as `job` and the setup as `setup`. */
function script(body: string): URL {
  const source = `
    import { workerData as setup, threadId } from 'node:worker_threads';
    import { answerJobs } from ${JSON.stringify(answerJobs)};
    answerJobs(async (job) => { ${body} });`;
  return new URL(`data:text/javascript,${encodeURIComponent(source)}`);
}

const pools: ThreadPool<string, unknown>[] = [];

function open(body: string, threads: number, setup: unknown = 'setup'): ThreadPool<string, unknown> {
  const pool = new ThreadPool<string, unknown>(
    {
      owner: 'test',
      script: script(body),
      setup,
      nameOf: (job) => `job ${job}`,
      ErrorClass: PreprocessError,
      deathHint: 'do less',
    },
    threads,
  );
  pools.push(pool);
  return pool;
}

afterEach(async () => {
  await Promise.all(pools.splice(0).map((pool) => pool.close()));
});

describe('ThreadPool', () => {
  test('answers each job, with the setup at hand, by as many threads as asked for', async () => {
    const pool = open(
      'await new Promise((done) => setTimeout(done, 30)); return { job, setup, threadId };',
      2,
    );
    expect(pool.hands).toBe(2);
    const answers = await Promise.all(['a', 'b', 'c', 'd'].map((job) => pool.run(job)));
    expect(answers).toMatchObject(['a', 'b', 'c', 'd'].map((job) => ({ job, setup: 'setup' })));
    expect(new Set(answers.map((answer) => (answer as { threadId: number }).threadId)).size).toBe(2);
  });

  test('tells every thread', async () => {
    const pool = open(
      'globalThis.told ??= 0; return job === "tell" ? globalThis.told++ : globalThis.told;',
      3,
    );
    await pool.tellAll('tell');
    expect(await Promise.all(['a', 'b', 'c'].map((job) => pool.run(job)))).toEqual([1, 1, 1]);
  });

  test('a typed error of any package keeps its code, kind, hint and message', async () => {
    const body = `throw Object.assign(new Error('too far'), {
      isBipvlError: true, name: 'MetricsError', code: 'far', kind: 'data', hint: 'come near' });`;
    const error = await open(body, 1)
      .run('a')
      .catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(PreprocessError);
    expect(error).toMatchObject({ message: 'too far', code: 'far', kind: 'data', hint: 'come near' });
  });

  test('any other error is internal and brings its stack', async () => {
    const attempt = open("throw new TypeError('odd')", 1).run('a');
    await expect(attempt).rejects.toMatchObject({ code: 'worker-failed', kind: 'internal' });
    await expect(attempt).rejects.toThrow(/TypeError: odd\n {4}at /);
    await expect(open("throw 'a text'", 1).run('a')).rejects.toThrow('a text');
  });

  test('a thread that ends names the job it was at', async () => {
    const pool = open('process.exit(7);', 1);
    await expect(pool.run('large')).rejects.toMatchObject({
      code: 'worker-died',
      kind: 'resource',
      message: 'a worker thread ended at job large: exit code 7',
      hint: 'do less',
    });
    await expect(pool.run('next')).rejects.toMatchObject({ code: 'worker-died' });
  });

  test('closing ends threads that would go on for ever; what is awaited and what comes later fails', async () => {
    const pool = open('for (;;);', 1);
    const waiting = pool.run('endless');
    const failed = expect(waiting).rejects.toMatchObject({ code: 'test-closed', kind: 'usage' });
    await pool.close();
    await failed;
    await expect(pool.run('late')).rejects.toMatchObject({ code: 'test-closed' });
  });
});
