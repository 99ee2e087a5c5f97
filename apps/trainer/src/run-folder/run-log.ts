import { type FileHandle, open, readFile } from 'node:fs/promises';
import { TrainerError } from '../errors.js';
import type { StepEvent, ValidationEvent } from '../loop/train-event.js';
import { guarded } from './file-fault.js';

/** A line of the log: a step or a validation as it was told. */
export type LogEntry = StepEvent | ValidationEvent;

/** `log.jsonl`: one JSON object a step and a validation, the truth from which everything else is drawn. */
export class RunLog {
  readonly #path: string;
  readonly #file: FileHandle;
  #bytes: number;

  private constructor(path: string, file: FileHandle, bytes: number) {
    this.#path = path;
    this.#file = file;
    this.#bytes = bytes;
  }

  /** Opens the log at a position; what was written after it, by steps that will be done again, is dropped. */
  static async open(path: string, bytes: number): Promise<RunLog> {
    return guarded(path, async () => {
      const file = await open(path, 'a');
      const { size } = await file.stat();
      if (size < bytes) {
        await file.close();
        throw tooShort(path, size, bytes);
      }
      await file.truncate(bytes);
      return new RunLog(path, file, bytes);
    });
  }

  /** Length in bytes. */
  get bytes(): number {
    return this.#bytes;
  }

  async append(entry: LogEntry): Promise<void> {
    const line = `${JSON.stringify(entry)}\n`;
    await guarded(this.#path, () => this.#file.appendFile(line));
    this.#bytes += Buffer.byteLength(line);
  }

  /** Makes what was appended durable. */
  async sync(): Promise<void> {
    await guarded(this.#path, () => this.#file.sync());
  }

  async close(): Promise<void> {
    await this.#file.close();
  }
}

/** Everything in a log. @throws TrainerError `bad-log` naming the line that is no JSON. */
export async function readLog(path: string): Promise<LogEntry[]> {
  const text = await guarded(path, () => readFile(path, 'utf8'));
  return text.split('\n').flatMap((line, index) => (line === '' ? [] : [parseLine(line, path, index)]));
}

function parseLine(line: string, path: string, index: number): LogEntry {
  try {
    return JSON.parse(line);
  } catch (cause) {
    throw new TrainerError('bad-log', `${path}: line ${index + 1} is no JSON`, {
      kind: 'data',
      hint: 'resume the run, which cuts the log at its last checkpoint',
      cause,
    });
  }
}

function tooShort(path: string, size: number, bytes: number): TrainerError {
  return new TrainerError('bad-log', `${path}: has ${size} bytes, the checkpoint knows ${bytes}`, {
    kind: 'data',
    hint: 'put the whole run folder back, or train again with --fresh',
  });
}
