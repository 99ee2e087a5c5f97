import { rm } from 'node:fs/promises';
import type { ValidationEvent } from '../loop/train-event.js';
import { guarded } from './file-fault.js';
import { metricsTable } from './metrics-table.js';
import { type LogEntry, RunLog, readLog } from './run-log.js';
import type { RunPaths } from './run-paths.js';
import { TensorBoard } from './tensor-board.js';
import { writeRunFile } from './write-file.js';

/** Keeps the log of a run, and beside it the metrics table and the TensorBoard events that are drawn from it. */
export class Recorder {
  readonly #paths: RunPaths;
  readonly #classes: readonly string[];
  readonly #log: RunLog;
  readonly #board: TensorBoard;
  readonly #validations: ValidationEvent[] = [];

  private constructor(paths: RunPaths, classes: readonly string[], log: RunLog) {
    this.#paths = paths;
    this.#classes = classes;
    this.#log = log;
    this.#board = new TensorBoard(paths.tensorBoard);
  }

  /** Goes on from a position of the log: what is later is cut, and everything else is drawn again from what remains. */
  static async open(paths: RunPaths, classes: readonly string[], logBytes: number): Promise<Recorder> {
    const log = await RunLog.open(paths.log, logBytes);
    await guarded(paths.tensorBoard, () => rm(paths.tensorBoard, { recursive: true, force: true }));
    const recorder = new Recorder(paths, classes, log);
    for (const entry of await readLog(paths.log)) recorder.#draw(entry);
    await recorder.#writeTable();
    return recorder;
  }

  get logBytes(): number {
    return this.#log.bytes;
  }

  async write(entry: LogEntry): Promise<void> {
    await this.#log.append(entry);
    this.#draw(entry);
    if (entry.type === 'validation') await this.#writeTable();
  }

  /** Makes the log durable, so that a checkpoint may rely on it. */
  async sync(): Promise<void> {
    await this.#log.sync();
  }

  async close(): Promise<void> {
    this.#board.close();
    await this.#log.close();
  }

  #draw(entry: LogEntry): void {
    this.#board.write(entry);
    if (entry.type === 'validation') this.#validations.push(entry);
  }

  async #writeTable(): Promise<void> {
    await writeRunFile(this.#paths.metrics, metricsTable(this.#classes, this.#validations));
  }
}
