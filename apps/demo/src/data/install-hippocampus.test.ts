import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { temporaryFolder, writeSmallHippocampus } from './__fixtures__/small-hippocampus.js';
import {
  type Answer,
  archiveOf,
  cutAfter,
  type StandInMirror,
  serve,
  smallArchive,
  stallAfter,
  startMirror,
  status,
} from './__fixtures__/stand-in-mirror.js';
import type { Archive } from './hippocampus-archive.js';
import { installHippocampus } from './install-hippocampus.js';

let bytes: Buffer;
let folder: string;
let mirror: StandInMirror | undefined;

beforeAll(async () => {
  bytes = await smallArchive();
});

beforeEach(() => {
  folder = temporaryFolder();
});

afterEach(async () => {
  await mirror?.close();
  mirror = undefined;
});

async function install(answers: Answer[], changes: Partial<Archive> = {}, signal?: AbortSignal) {
  mirror = await startMirror(...answers);
  return installHippocampus({ ...archiveOf(bytes, mirror.url), ...changes }, folder, signal);
}

function code(expected: string, message = '') {
  return expect.objectContaining({ code: expected, message: expect.stringContaining(message) });
}

/** What is in the folder beside the process's own part of the download. */
function left(): string[] {
  return readdirSync(folder).filter((name) => !name.includes('.part-'));
}

const ownPart = (): string => join(folder, `Task04_Hippocampus.tar.part-${process.pid}`);
const deadPid = spawnSync(process.execPath, ['--version']).pid;

describe('a mirror that holds the archive', () => {
  test('gives a folder without the files of macOS and without leftovers', async () => {
    const target = await install([serve(bytes)]);
    expect(target).toBe(join(folder, 'Task04_Hippocampus'));
    expect(readdirSync(folder)).toEqual(['Task04_Hippocampus']);
    expect(readdirSync(target).sort()).toEqual(['dataset.json', 'imagesTr', 'labelsTr']);
    expect(readdirSync(join(target, 'imagesTr'))).toHaveLength(30);
    expect(readFileSync(join(target, 'imagesTr', 'hippocampus_000.nii.gz'))).toHaveLength(300_000);
    expect(mirror?.ranges).toEqual([undefined]);
  });

  test('takes the place of a damaged folder', async () => {
    writeSmallHippocampus(join(folder, 'Task04_Hippocampus'), { cases: 3 });
    const target = await install([serve(bytes)]);
    expect(readdirSync(join(target, 'labelsTr'))).toHaveLength(30);
    expect(readdirSync(folder)).toEqual(['Task04_Hippocampus']);
  });

  test('what killed processes left is continued or removed', async () => {
    writeFileSync(join(folder, `Task04_Hippocampus.tar.part-${deadPid}`), bytes.subarray(0, 100_000));
    mkdirSync(join(folder, `.draft-${deadPid}-Task04_Hippocampus`, 'half'), { recursive: true });
    await install([serve(bytes)]);
    expect(mirror?.ranges).toEqual(['bytes=100000-']);
    expect(readdirSync(folder)).toEqual(['Task04_Hippocampus']);
  });

  test('a part of a process that runs is left alone', async () => {
    const theirs = `Task04_Hippocampus.tar.part-${process.ppid}`;
    writeFileSync(join(folder, theirs), bytes.subarray(0, 100_000));
    await install([serve(bytes)]);
    expect(mirror?.ranges).toEqual([undefined]);
    expect(readdirSync(folder).sort()).toEqual(['Task04_Hippocampus', theirs]);
  });

  test('a whole archive that was never unpacked is not fetched again', async () => {
    writeFileSync(ownPart(), bytes);
    await install([status(500)]);
    expect(mirror?.ranges).toEqual([]);
    expect(readdirSync(folder)).toEqual(['Task04_Hippocampus']);
  });
});

describe('a connection that is cut off', () => {
  test('is continued where it ended', async () => {
    await install([cutAfter(bytes, 100_000), serve(bytes)]);
    expect(mirror?.ranges).toEqual([undefined, 'bytes=100000-']);
    expect(left()).toEqual(['Task04_Hippocampus']);
  });

  test('is started again where the mirror knows no ranges', async () => {
    const whole: Answer = (_request, response) => void response.writeHead(200).end(bytes);
    await install([cutAfter(bytes, 100_000), whole]);
    expect(left()).toEqual(['Task04_Hippocampus']);
  });

  test('twice is the end, with the part kept for the next run', async () => {
    await expect(install([cutAfter(bytes, 50_000)])).rejects.toEqual(code('download-cut', 'cut off'));
    expect(mirror?.ranges).toEqual([undefined, 'bytes=50000-']);
    expect(readFileSync(ownPart())).toEqual(bytes.subarray(0, 100_000));
    expect(left()).toEqual([]);
    await mirror?.close();
    await install([serve(bytes)]);
    expect(mirror?.ranges).toEqual(['bytes=100000-']);
  });

  test('or that only falls silent counts the same', async () => {
    await expect(install([stallAfter(bytes, 50_000)])).rejects.toEqual(code('download-cut', 'nothing more'));
    expect(mirror?.ranges).toHaveLength(2);
  });
});

describe('a part that is not the beginning of the archive', () => {
  const answers: [string, Answer[]][] = [
    ['is told by the checksum', []],
    ['is longer than the archive', []],
    [
      'meets a mirror that continues elsewhere',
      [(_, response) => void response.writeHead(206, { 'content-range': 'bytes 5-9/10' }).end('wrong')],
    ],
  ];
  test.each(answers)('%s, and the archive is fetched afresh', async (name, first) => {
    writeFileSync(ownPart(), Buffer.alloc(name.includes('longer') ? bytes.length + 1 : 1000, 1));
    await install([...first, serve(bytes)]);
    expect(mirror?.ranges).toEqual([expect.stringContaining('bytes='), undefined]);
    expect(readdirSync(folder)).toEqual(['Task04_Hippocampus']);
  });
});

describe('a mirror that does not hold what it should', () => {
  test('wrong checksum: asked once, nothing kept', async () => {
    const other = Buffer.from(bytes);
    other.writeUInt8(1, 5000);
    await expect(install([serve(other)])).rejects.toEqual(code('wrong-checksum', archiveOf(bytes, '').md5));
    expect(mirror?.ranges).toHaveLength(1);
    expect(readdirSync(folder)).toEqual([]);
  });

  test('404: asked once', async () => {
    await expect(install([status(404)])).rejects.toEqual(code('mirror-refused', 'answered 404'));
    expect(mirror?.ranges).toHaveLength(1);
    expect(readdirSync(folder)).toEqual([]);
  });

  test('503 may pass', async () => {
    await install([status(503), serve(bytes)]);
    expect(left()).toEqual(['Task04_Hippocampus']);
  });

  test('announces too much', async () => {
    await expect(install([serve(bytes)], { maximumBytes: 10_000 })).rejects.toEqual(
      code('download-too-large'),
    );
    expect(readdirSync(folder)).toEqual([]);
  });

  test('sends too much without an announcement', async () => {
    const chunked: Answer = (_request, response) => void response.writeHead(200).end(bytes);
    await expect(install([chunked], { maximumBytes: 10_000 })).rejects.toEqual(code('download-too-large'));
    expect(readdirSync(folder)).toEqual([]);
  });

  test('another dataset in the archive', async () => {
    const other = temporaryFolder();
    writeSmallHippocampus(join(other, 'Task04_Hippocampus'), { labels: { 0: 'background', 1: 'spleen' } });
    const { create } = await import('tar');
    const file = join(other, 'x.tar');
    await create({ file, cwd: other }, ['Task04_Hippocampus']);
    const content = readFileSync(file);
    mirror = await startMirror(serve(content));
    const promise = installHippocampus(archiveOf(content, mirror.url), folder);
    await expect(promise).rejects.toEqual(code('archive-unfit', '1 spleen'));
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe('no answer', () => {
  test('a silent mirror is given up soon, without a second attempt', async () => {
    const began = performance.now();
    await expect(install([() => {}])).rejects.toEqual(
      code('mirror-unreachable', 'did not answer within 0.4 s'),
    );
    expect(performance.now() - began).toBeLessThan(3000);
    expect(mirror?.ranges).toHaveLength(1);
  });

  test('a port where nobody listens', async () => {
    const gone = await startMirror(status(200));
    await gone.close();
    const promise = installHippocampus(archiveOf(bytes, gone.url), folder);
    await expect(promise).rejects.toEqual(code('mirror-unreachable', 'ECONNREFUSED'));
    expect(readdirSync(folder)).toEqual([]);
  });

  test('Ctrl-C ends it at once and keeps what came', async () => {
    const controller = new AbortController();
    const reason = new Error('Ctrl-C');
    const promise = install(
      [stallAfter(bytes, 50_000)],
      { patience: { answer: 9000, piece: 9000, pause: 9000 } },
      controller.signal,
    );
    setTimeout(() => controller.abort(reason), 150);
    await expect(promise).rejects.toBe(reason);
    expect(existsSync(ownPart())).toBe(true);
  });
});
