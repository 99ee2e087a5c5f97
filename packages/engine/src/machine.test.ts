import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { cacheFolder } from './cache-folder.js';
import { cpuFeatures } from './cpu-features.js';
import { cudaLibraryNames, findCudaLibraries } from './cuda-libraries.js';
import { placeEntry } from './engine-layout.js';
import { filterLog, logLevel } from './log-level.js';
import { parseGpus } from './nvidia-gpus.js';
import { recipeFor } from './recipe.js';
import { threadCount } from './threads.js';

describe('the cache folder', () => {
  test('follows BIPVL_CACHE, then XDG_CACHE_HOME', () => {
    expect(cacheFolder({ BIPVL_CACHE: '/a', XDG_CACHE_HOME: '/b' }, 'linux')).toBe(resolve('/a'));
    expect(cacheFolder({ XDG_CACHE_HOME: '/b' }, 'linux')).toBe(join(resolve('/b'), 'bipvl'));
    expect(cacheFolder({}, 'darwin')).toMatch(/Library.Caches.bipvl$/);
    expect(cacheFolder({}, 'linux')).toMatch(/\.cache.bipvl$/);
  });
});

describe('the recipe', () => {
  const linux = { platform: 'linux', arch: 'x64', musl: false } as const;

  test('is keyed by version, device, N-API and system', () => {
    expect(recipeFor('cpu', linux).key).toMatch(/^tensorflow-\d+\.\d+\.\d+-cpu-napi8-linux-x64-r\d+$/);
  });

  test.each([
    ['cpu', linux, 1],
    ['gpu', linux, 13],
    ['cpu', { platform: 'darwin', arch: 'arm64', musl: false }, 1],
    ['cpu', { platform: 'linux', arch: 'arm64', musl: false }, 1],
  ] as const)('pins every wheel: %s %j', (device, target, count) => {
    const { wheels } = recipeFor(device, target);
    expect(wheels).toHaveLength(count);
    for (const wheel of wheels) {
      expect(wheel.sha256).toMatch(/^[0-9a-f]{64}$/);
      expect(wheel.file).toContain(`-${wheel.version}-`);
      expect(wheel.tag).toMatch(/^(manylinux|macosx)[0-9_]+(x86_64|aarch64|arm64)$/);
    }
  });

  test.each([
    ['cpu', { ...linux, musl: true }],
    ['cpu', { platform: 'darwin', arch: 'x64', musl: false }],
    ['gpu', { platform: 'darwin', arch: 'arm64', musl: false }],
  ] as const)('refuses what no wheel is made for: %s %j', (device, target) => {
    expect(() => recipeFor(device, target)).toThrow(
      expect.objectContaining({ code: 'unsupported-platform' }),
    );
  });
});

test.each([
  ['tensorflow/libtensorflow_cc.so.2', 'deps/lib/libtensorflow_cc.so.2'],
  ['tensorflow/libtensorflow_framework.2.dylib', 'deps/lib/libtensorflow_framework.2.dylib'],
  ['tensorflow/include/tensorflow/c/eager/c_api.h', 'deps/include/tensorflow/c/eager/c_api.h'],
  ['nvidia/cudnn/lib/libcudnn.so.9', 'deps/nvidia/cudnn/lib/libcudnn.so.9'],
  ['tensorflow/python/keras/engine.py', null],
  ['tensorflow/include/tensorflow/core/framework/op.h', null],
  ['nvidia/cudnn/include/cudnn.h', null],
])('an entry %s goes to %s', (entry, target) => expect(placeEntry(entry)).toBe(target));

describe('the log', () => {
  const text = [
    'WARNING: All log messages before absl::InitializeLog() is called are written to STDERR',
    'I0000 00:00:1 port.cc:153] oneDNN custom operations are on.',
    'E0000 00:00:2 cuda.cc:1] failed call to cuInit',
    'F0000 00:00:3 guard.cc:1] compiled to use AVX',
    'double free or corruption',
  ];

  test.each([
    [0, [0, 1, 2, 3, 4]],
    [1, [2, 3, 4]],
    [3, [3, 4]],
  ])('at level %i keeps lines %j', (level, kept) => {
    expect(filterLog(text.join('\n'), level).split('\n')).toEqual(kept.map((index) => text[index]));
  });

  test('is silent by default, and as the user says otherwise', () => {
    expect([logLevel({}), logLevel({ TF_CPP_MIN_LOG_LEVEL: '1' })]).toEqual([3, 1]);
  });
});

test('threads are as many as the variable says', () => {
  expect(threadCount({ TF_NUM_INTRAOP_THREADS: '3' })).toBe(3);
  expect(threadCount({})).toBeGreaterThan(0);
});

test('nvidia-smi is understood', () => {
  expect(parseGpus('NVIDIA A100-SXM4-80GB, 81920, 550.54.15\n')).toEqual([
    { name: 'NVIDIA A100-SXM4-80GB', memoryBytes: 81920 * 2 ** 20, driver: '550.54.15' },
  ]);
});

describe('files of a machine', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'bipvl-machine-'));
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  test('CPU features are read from the kernel, or unknown', () => {
    writeFileSync(join(folder, 'cpuinfo'), 'processor : 0\nflags\t\t: fpu avx avx2 fma made_up\n');
    expect(cpuFeatures(join(folder, 'cpuinfo'))).toEqual(['avx', 'avx2', 'fma']);
    expect(cpuFeatures(join(folder, 'nowhere'))).toBeNull();
  });

  test.runIf(process.platform === 'linux')('CUDA libraries are found by name', async () => {
    writeFileSync(join(folder, 'libcudnn.so.9'), '');
    const before = process.env['LD_LIBRARY_PATH'];
    process.env['LD_LIBRARY_PATH'] = folder;
    const libraries = await findCudaLibraries(null);
    process.env['LD_LIBRARY_PATH'] = before ?? '';
    expect(libraries.map(({ name }) => name)).toEqual(cudaLibraryNames);
    expect(libraries.find(({ name }) => name === 'libcudnn.so.9')?.folder).toBe(folder);
  });
});
