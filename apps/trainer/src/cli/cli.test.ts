import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadEngine } from '@bipvl/engine';
import { beforeAll, describe, expect, it } from 'vitest';
import { formatConfig } from '../config/config-file.js';
import { Checkpoints } from '../run-folder/checkpoints.js';
import { readLog } from '../run-folder/run-log.js';
import { runPaths } from '../run-folder/run-paths.js';
import { temporaryFolder, tinyInput, tinyPhantom } from '../tiny-run.test-support.js';

const launcher = fileURLToPath(new URL('../../bin/bipvl-trainer.mjs', import.meta.url));
let folder: string;
let data: string;
let config: string;

beforeAll(async () => {
  folder = await temporaryFolder();
  data = await tinyPhantom(folder);
  config = join(folder, 'tiny run.yaml');
  await writeFile(config, formatConfig(tinyInput(data)));
});

interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly err: string;
}

/** The real command, in a process of its own. */
class Command {
  readonly process: ChildProcess;
  #out = '';
  #err = '';

  constructor(parameters: readonly string[], environment: NodeJS.ProcessEnv = {}) {
    const env = { ...process.env, ...environment };
    this.process = spawn(process.execPath, [launcher, ...parameters], {
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.process.stdout?.on('data', (chunk) => {
      this.#out += String(chunk);
    });
    this.process.stderr?.on('data', (chunk) => {
      this.#err += String(chunk);
    });
  }

  /** Waits until standard error holds a text. */
  async says(text: string): Promise<void> {
    while (!this.#err.includes(text)) {
      if (this.process.exitCode !== null) throw new Error(`ended without saying '${text}': ${this.#err}`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  async end(): Promise<Ended> {
    const [code, signal] = await once(this.process, 'close');
    return { code, signal, out: this.#out, err: this.#err };
  }
}

async function run(...parameters: string[]): Promise<Ended> {
  return new Command(parameters).end();
}

/** Steps that are as good as endless; saved now and then. */
const long = ['--steps', '100000', '--set', 'validation.every=100000', '--set', 'checkpoint.every=3'];

describe('bipvl-trainer', () => {
  it('trains from a file, tells what it does in lines, and names the next command', async () => {
    const { code, out, err } = await run('train', config, '--out', join(folder, 'whole'));
    expect(code).toBe(0);
    expect(out).toMatch(/^next: bipvl-evaluator predict '.*bundle' SCAN\.nii\.gz --out masks\n$/);
    expect(err).toContain(
      'training bipvl-seg on 3 cases, validating on 3, 2 held out and not opened: 6 steps (2 an epoch)',
    );
    expect(err).toMatch(/step 6\/6, epoch 3\/3: loss .*segmentation .*global alignment/);
    expect(err).toMatch(/validation after step 6: DSC/);
    expect(err).not.toContain('\u001b');
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)(
    'on %s in mid-epoch finishes the step, saves, exits %i, and resumes',
    async (signal, expected) => {
      const out = join(folder, signal);
      const command = new Command(['train', config, '--out', out, ...long]);
      await command.says('step 1/');
      command.process.kill(signal);
      const { code, out: said, err } = await command.end();
      expect(code).toBe(expected);
      expect(err).toContain(`${signal}: finishing this step and saving`);
      expect(said).toMatch(/^next: bipvl-trainer resume/);
      const steps = (await readLog(runPaths(out).log)).length;
      const last = `step-${String(steps).padStart(6, '0')}.safetensors`;
      expect(await readdir(runPaths(out).checkpoints)).toContain(last);
      expect(await readdir(out)).not.toContain('run.lock');
      const again = new Command(['resume', out]);
      await again.says(`resuming after step ${steps}`);
      again.process.kill('SIGINT');
      expect((await again.end()).code).toBe(130);
    },
  );

  it('on a second signal ends at once', async () => {
    const out = join(folder, 'two signals');
    const shim = join(folder, 'stuck-disk.mjs');
    await writeFile(shim, diskThatNeverAnswers);
    const command = new Command(['train', config, '--out', out, ...long, '--set', 'checkpoint.every=99'], {
      NODE_OPTIONS: `--import "${shim}"`,
    });
    await command.says('step 1/');
    command.process.kill('SIGINT');
    await command.says('SIGINT: finishing');
    command.process.kill('SIGTERM');
    expect((await command.end()).code).toBe(143);
    expect((await new Checkpoints(runPaths(out).checkpoints).loadNewest()).checkpoint).toBeNull();
  });

  it('killed at any moment leaves a newest checkpoint that loads, and resumes', async () => {
    await loadEngine();
    const out = join(folder, 'killed');
    for (const wait of [30, 80, 170]) {
      const start = await readdir(out).then(
        () => ['resume', out],
        () => ['train', config, '--out', out, ...long, '--set', 'checkpoint.every=1'],
      );
      const command = new Command(start);
      await command.says('saved ');
      await new Promise((resolve) => setTimeout(resolve, wait));
      command.process.kill('SIGKILL');
      expect((await command.end()).signal).toBe('SIGKILL');
      const { checkpoint, skipped } = await new Checkpoints(runPaths(out).checkpoints).loadNewest();
      expect(checkpoint?.progress.step).toBeGreaterThan(0);
      expect(skipped).toEqual([]);
    }
  });

  it('on a full disk exits 5, keeps the checkpoint before, and resumes once there is room', async () => {
    const out = join(folder, 'full disk');
    const shim = join(folder, 'full-disk.mjs');
    await writeFile(shim, fullDiskAtSecondCheckpoint);
    const { code, err } = await new Command(['train', config, '--out', out], {
      NODE_OPTIONS: `--import "${shim}"`,
    }).end();
    expect(err).toMatch(
      /error: cannot write .*step-000004\.safetensors .*ENOSPC.*\nmend: free at least \d+ bytes/,
    );
    expect(code).toBe(5);
    expect(await readdir(runPaths(out).checkpoints)).toEqual(['step-000002.safetensors']);
    expect((await run('resume', out)).code).toBe(0);
  });

  it('lists names, prints help and version without touching the engine', async () => {
    const shim = join(folder, 'no-native.mjs');
    await writeFile(shim, "process.dlopen = () => { throw new Error('a native module was loaded'); };");
    const { code, out } = await new Command(['list', '--json'], { NODE_OPTIONS: `--import "${shim}"` }).end();
    expect(code).toBe(0);
    expect(JSON.parse(out)).toEqual({
      presets: ['hippocampus', 'phantom'],
      backbones: expect.arrayContaining(['unet', 'nnunet-plain', 'swin-unetr', 'mednext']),
      bridges: ['dca', 'normalised-skips'],
      fusions: ['bifusion'],
      concepts: ['msd-hippocampus', 'phantom', 'mm-whs-ct', 'mm-whs-mr', 'amos22-ct', 'msd-brain'],
    });
    expect((await run('--help')).out).toMatch(
      /\n {2}check [\s\S]*\n {2}train [\s\S]*\n {2}resume [\s\S]*\n {2}list /,
    );
    expect((await run('--version')).out).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it('checks a dataset: faults with file and mend, exit code 4', async () => {
    const { code, out } = await run('check', data, '--no-cache');
    expect(code).toBe(0);
    expect(out).toContain('8 cases, 6 opened, 0 errors');
    const broken = await brokenCopy();
    const found = await run('check', broken, '--json', '--no-cache');
    expect(found.code).toBe(4);
    expect(JSON.parse(found.out).faults[0]).toMatchObject({
      severity: 'error',
      rule: expect.any(String),
      file: expect.stringContaining('phantom_'),
      mend: expect.any(String),
    });
    const lines = (await run('check', broken, '--no-cache')).out.trim().split('\n');
    expect(lines[0]).toMatch(/^error: \S+Tr\/phantom_\d+\.nii\.gz: .*; mend: /);
    expect(lines).toHaveLength(JSON.parse(found.out).faults.length + 1);
  });

  it('writes the fingerprint of a sound dataset, and keeps what it saw', async () => {
    const [cache, file] = [join(folder, 'check cache'), join(folder, 'fingerprint.json')];
    const { code } = await run('check', data, '--cache', cache, '--fingerprint', file);
    expect(code).toBe(0);
    expect(await readdir(cache)).toHaveLength(1);
    expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({
      schema: 'bipvl-fingerprint',
      caseCount: 6,
    });
    expect(await readFile(file, 'utf8')).not.toContain('phantom_');
    const none = join(folder, 'none.json');
    const broken = await run('check', await brokenCopy(), '--no-cache', '--fingerprint', none);
    expect(broken.out).toContain('none.json was not written: mend the errors first');
    await expect(readFile(none)).rejects.toThrow();
  });

  it('refuses a recipe that there is none of, and names those there are', async () => {
    const { code, err } = await run('check', data, '--recipe', 'amos');
    expect(code).toBe(2);
    expect(err).toContain('amos22-ct');
  });

  it('prints the resolved configuration of a dry run and writes nothing', async () => {
    const { code, out } = await run(
      'train',
      config,
      '--out',
      join(folder, 'dry'),
      '--dry-run',
      '--seed',
      '7',
    );
    expect(code).toBe(0);
    expect(out).toMatch(/seed: 7\n[\s\S]*labels:\n {4}- id: 1/);
    expect(await readdir(folder)).not.toContain('dry');
  });
});

/** A copy of the dataset with one label of a training case cut short. */
async function brokenCopy(): Promise<string> {
  const broken = join(folder, 'broken data');
  await rm(broken, { recursive: true, force: true });
  await cp(data, broken, { recursive: true });
  const { folds } = JSON.parse(await readFile(join(broken, 'splits.json'), 'utf8'));
  const label = join(broken, 'labelsTr', `${folds[0].train[0]}.nii.gz`);
  const bytes = await readFile(label);
  await writeFile(label, bytes.subarray(0, bytes.length / 2));
  return broken;
}

/** A save that is under way for ever. */
const diskThatNeverAnswers = `
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
const open = fs.promises.open;
fs.promises.open = (path, ...rest) => {
  if (!String(path).includes('.safetensors.tmp-')) return open(path, ...rest);
  setInterval(() => {}, 1000);
  return new Promise(() => {});
};
syncBuiltinESMExports();
`;

const fullDiskAtSecondCheckpoint = `
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
const open = fs.promises.open;
let saves = 0;
fs.promises.open = async (path, ...rest) => {
  const file = await open(path, ...rest);
  if (String(path).includes('.safetensors.tmp-') && rest[0] === 'wx' && ++saves === 2) {
    file.write = async () => { throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' }); };
  }
  return file;
};
syncBuiltinESMExports();
`;

describe('bad input', () => {
  const out = () => join(folder, 'never');
  const train = (...parameters: string[]) => run('train', config, '--out', out(), ...parameters);

  it.each<[string, () => Promise<Ended>, number, RegExp, RegExp]>([
    [
      'no configuration',
      () => run('train', '--out', out()),
      2,
      /needs a configuration file or --preset/,
      /hippocampus, phantom/,
    ],
    [
      'an unknown preset',
      () => run('train', '--preset', 'fantom', '--out', out()),
      2,
      /no preset 'fantom'/,
      /--preset phantom/,
    ],
    [
      'a typo in a key',
      () => train('--set', 'optimiser.learnRate=1'),
      2,
      /no key 'optimiser.learnRate'/,
      /learningRate/,
    ],
    [
      'an unknown backbone',
      () => train('--set', 'segmenter.backbone.name=unett'),
      2,
      /no backbone 'unett'; expected one of: unet/,
      /segmenter.backbone.name/,
    ],
    [
      'an unknown concept set',
      () => train('--set', 'concepts=hippocampus'),
      2,
      /hippocampus/,
      /msd-hippocampus/,
    ],
    [
      'concepts of other classes',
      () => train('--set', 'concepts=msd-hippocampus'),
      4,
      /no class for label 3/,
      /add a class/,
    ],
    [
      'stages that do not fit',
      () => train('--set', 'segmenter.text.stages=[2]'),
      2,
      /2 fusion sites/,
      /2 stages/,
    ],
    ['a missing fold', () => train('--fold', '9'), 2, /folds 0 to 1/, /set fold/],
    [
      'no dataset',
      () => train('--data', join(folder, 'nowhere')),
      4,
      /nowhere\/dataset\.json/,
      /check the path/,
    ],
    [
      'a truncated label',
      async () => train('--data', await brokenCopy()),
      4,
      /labelsTr\/phantom_\d+\.nii\.gz/,
      /./,
    ],
    ['an unknown option', () => train('--lr', '3'), 2, /unknown option '--lr'/, /--help/],
    ['an unknown command', () => run('trian'), 2, /unknown command 'trian'/, /--help/],
    ['a folder without a run', () => run('resume', out()), 2, /no run to resume/, /folder of a run/],
  ])(
    '%s: one line, the mend, the exit code, nothing written',
    async (_name, command, expected, message, mend) => {
      const { code, err } = await command();
      const lines = err
        .trim()
        .split('\n')
        .filter((line) => !/^(checking|preparing) cases/.test(line));
      expect(lines[0]).toMatch(/^error: /);
      expect(lines[0]).toMatch(message);
      expect(lines.join('\n')).toMatch(/\nmend: .+$/);
      expect(lines.at(-1)).toMatch(mend);
      expect(lines.filter((line) => line.startsWith('    at '))).toEqual([]);
      expect(code).toBe(expected);
      expect(await readdir(folder)).not.toContain('never');
    },
  );

  it('an output folder that cannot be written is found before the data are looked at', async () => {
    const file = join(folder, 'a file');
    await writeFile(file, '');
    const { code, err } = await run(
      'train',
      config,
      '--out',
      join(file, 'run'),
      '--data',
      join(folder, 'nowhere'),
    );
    expect(err).toMatch(/^error: .*a file\/run.*\nmend: choose a folder that can be written to\n$/);
    expect(code).toBe(5);
  });

  it('a folder in which another trainer is at work is left to it', async () => {
    const busy = join(folder, 'busy');
    await mkdir(busy);
    await writeFile(
      join(busy, 'run.lock'),
      JSON.stringify({ pid: process.pid, host: (await import('node:os')).hostname() }),
    );
    const { code, err } = await run('train', config, '--out', busy);
    expect(err).toMatch(/error: .*run\.lock: process \d+ on .* is training in this folder/);
    expect(code).toBe(5);
  });

  it('shows the stack where asked to', async () => {
    const { err } = await run('train', config, '--out', out(), '--fold', '9', '--debug');
    expect(err).toMatch(/\n {4}at /);
  });
});
