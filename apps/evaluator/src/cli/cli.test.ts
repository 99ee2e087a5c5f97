import { spawn, spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadEngine } from '@bipvl/engine';
import { generatePhantom } from '@bipvl/preprocess';
import { readVolume, writeMask, writeVolume } from '@bipvl/preprocess/node';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { writeSmallBundle } from '../__fixtures__/small-bundle.js';

const binary = fileURLToPath(new URL('../../bin/bipvl-evaluator.mjs', import.meta.url));

let folder: string;
let bundle: string;
let scan: string;
let out: string;

beforeAll(async () => {
  await loadEngine();
  folder = await mkdtemp(join(tmpdir(), 'bipvl-evaluator-'));
  bundle = join(folder, 'bundle');
  await writeSmallBundle(bundle, 1);
  scan = join(folder, 'scan.nii.gz');
  for (const { image, label } of generatePhantom({ cases: 1, shape: [16, 16, 12], spacing: [20, 20, 20] })) {
    await writeVolume(scan, image);
    await writeMask(join(folder, 'references', 'scan.nii.gz'), label);
  }
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

beforeEach(async () => {
  out = join(await mkdtemp(join(folder, 'case-')), 'out');
});

function run(...parameters: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [binary, ...parameters], { encoding: 'utf8' });
}

/** A failure prints what it was about to do, then one line of error and one of mend; it leaves nothing in `out`. */
async function fails(parameters: string[], status: number, error: RegExp): Promise<void> {
  const result = run(...parameters);
  const lines = result.stderr.trimEnd().split('\n');
  const faults = lines.filter((line) => !/^(segmenting|scoring|checked) /.test(line));
  expect(faults[0]).toMatch(/^error: /);
  expect(faults[0]).toMatch(error);
  expect(faults[1]).toMatch(/^mend: ./);
  expect(faults.length).toBe(2);
  expect(result.stdout).toBe('');
  expect(result.status).toBe(status);
  await expect(readdir(out)).rejects.toMatchObject({ code: 'ENOENT' });
}

describe('bipvl-evaluator', () => {
  test('--help and --version answer at once and load no engine', () => {
    const fastest = (flag: string) => {
      const times = [1, 2, 3].map(() => {
        const start = performance.now();
        expect(run(flag).status).toBe(0);
        return performance.now() - start;
      });
      return Math.min(...times);
    };
    expect(fastest('--help')).toBeLessThan(300);
    expect(fastest('--version')).toBeLessThan(300);
    expect(run('--version').stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
    expect(run('predict', '--help').stdout).toContain('nothing is written');
  });

  test('predict writes the mask and prints its volumes; evaluate scores it', async () => {
    const predicted = run('predict', bundle, scan, '--out', out, '--overlap', '0');
    expect(predicted.stderr).toContain(`segmented 1/1 ${scan}`);
    expect(predicted.stderr).not.toMatch(/tensorflow|cuda/i);
    expect(predicted.stdout).toMatch(/liver ml .* aorta ml/);
    expect(predicted.status).toBe(0);
    expect(await readdir(out)).toEqual(['scan.nii.gz']);
    expect((await readVolume(join(out, 'scan.nii.gz'))).affine).toEqual((await readVolume(scan)).affine);

    const scores = join(folder, 'scores');
    const flags = ['--out', scores, '--labels', '1=liver, 5=aorta', '--tolerance', '2'];
    const scored = run(
      'evaluate',
      '--predictions',
      out,
      '--references',
      join(folder, 'references'),
      ...flags,
    );
    expect(scored.stdout).toMatch(/DSC .* HD95 mm .* NSD 2 mm/);
    expect(scored.stdout).toMatch(/liver/);
    expect(scored.status).toBe(0);
    expect((await readFile(join(scores, 'metrics.csv'), 'utf8')).split('\n').length).toBe(4);
  });

  test('--json prints one JSON value on standard output', () => {
    const { stdout, status } = run('predict', bundle, scan, '--out', out, '--overlap', '0', '--json');
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      bundle,
      masks: [{ input: scan, output: join(out, 'scan.nii.gz') }],
    });
  });

  test('Ctrl-C stops between windows with exit code 130 and nothing half-written', async () => {
    const child = spawn(process.execPath, [
      binary,
      'predict',
      bundle,
      scan,
      '--out',
      out,
      '--overlap',
      '0.95',
    ]);
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
      if (stderr.includes('checked 1/1')) setTimeout(() => child.kill('SIGINT'), 1500);
    });
    const status = await new Promise((resolve) => child.on('close', resolve));
    expect(stderr).toContain('stopped by SIGINT');
    expect(status).toBe(130);
    await expect(readdir(out)).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

describe('bipvl-evaluator evaluate', () => {
  const masks = (name: string, count: number) => {
    const data = Uint8Array.from({ length: 48 ** 3 }, (_, voxel) => (voxel % 48 < 24 ? 1 : 0));
    const affine = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1] as const;
    const mask = { data, shape: [48, 48, 48], channels: 1, affine } as const;
    const path = join(out, '..', name);
    return Promise.all(
      Array.from({ length: count }, (_, index) => writeMask(join(path, `case-${index}.nii.gz`), mask)),
    ).then(() => path);
  };

  test('--json prints what metrics.json holds, with the convention and threads asked for', async () => {
    const path = await masks('masks', 2);
    const flags = ['--out', out, '--convention', 'monai', '--threads', '1', '--json'];
    const { stdout, status } = run('evaluate', '--predictions', path, '--references', path, ...flags);
    expect(status).toBe(0);
    expect(stdout).toBe(await readFile(join(out, 'metrics.json'), 'utf8'));
    expect(JSON.parse(stdout)).toMatchObject({ convention: 'monai', summary: { cases: 2 } });
  });

  test('Ctrl-C ends the threads with exit code 130 and nothing written', async () => {
    const path = await masks('masks', 60);
    const parameters = ['evaluate', '--predictions', path, '--references', path, '--out', out];
    const child = spawn(process.execPath, [binary, ...parameters]);
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      if (!stderr.includes('scored') && text.includes('scored')) child.kill('SIGINT');
      stderr += text;
    });
    const status = await new Promise((resolve) => child.on('close', resolve));
    expect(stderr).toContain('stopped by SIGINT');
    expect(status).toBe(130);
    await expect(readdir(out)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  test('an unknown convention and a number that is none are usage', async () => {
    const parameters = ['evaluate', '--predictions', out, '--references', out, '--out', out];
    await fails([...parameters, '--convention', 'ours'], 2, /surface-distance, monai, medpy/);
    await fails([...parameters, '--threads', 'two'], 2, /number of threads/);
  });
});

describe('bad input gets one line of error, one of mend, and an exit code:', () => {
  const predict = (...parameters: string[]) => ['predict', ...parameters, '--out', out];

  test('usage is 2', async () => {
    await fails(['predcit'], 2, /unknown command 'predcit'/);
    await fails(['predict', bundle], 2, /missing required argument 'input'|required option '--out/);
    await fails(predict(bundle, scan, '--overlap', 'half'), 2, /--overlap/);
    await fails(predict(bundle, scan, '--overlpa', '0'), 2, /unknown option '--overlpa'/);
    await fails(
      ['evaluate', '--predictions', out, '--references', out, '--out', out, '--labels', 'liver'],
      2,
      /id=name/,
    );
    await fails(predict(bundle, scan, scan), 2, /would both become/);
  });

  test('data is 4', async () => {
    const missing = join(folder, 'nowhere.nii.gz');
    await fails(predict(bundle, missing), 4, new RegExp(missing));
    await fails(predict(folder, scan), 4, /is no bundle/);
    const cut = join(out, '..', 'cut.nii.gz');
    await writeFile(cut, (await readFile(scan)).subarray(0, 2000));
    await fails(predict(bundle, scan, cut), 4, /cut\.nii\.gz/);
    const fake = join(out, '..', 'fake.nii.gz');
    await writeFile(fake, 'no scan');
    await fails(predict(bundle, fake), 4, /fake\.nii\.gz/);
    await mkdir(join(out, '..', 'predictions'));
    await fails(
      [
        'evaluate',
        '--predictions',
        join(out, '..', 'predictions'),
        '--references',
        join(folder, 'references'),
        '--out',
        out,
      ],
      4,
      /no NIfTI, NRRD or MHA/,
    );
  });

  test('a damaged bundle is 4, and nothing is written', async () => {
    const damaged = join(out, '..', 'bundle');
    await writeSmallBundle(damaged, 2);
    const weights = join(damaged, 'model.safetensors');
    const bytes = await readFile(weights);
    await writeFile(weights, bytes.subarray(0, bytes.length - 4));
    const { status, stderr } = run('predict', damaged, scan, '--out', out);
    expect(stderr).toMatch(/\nerror: .*model\.safetensors: its SHA-256 is .*\nmend: /);
    expect(status).toBe(4);
    await expect(readdir(out)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  test('a resource is 5, and --debug adds the stack', async () => {
    const file = join(out, '..', 'file');
    await writeFile(file, '');
    const parameters = ['predict', bundle, scan, '--out', join(file, 'masks')];
    await fails(parameters, 5, /cannot be written to/);
    expect(run(...parameters, '--debug').stderr).toMatch(/at .*out-folder/);
  });
});
