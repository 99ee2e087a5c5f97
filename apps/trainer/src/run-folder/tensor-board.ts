import { randomUUID } from 'node:crypto';
import * as tf from '@tensorflow/tfjs-core';
import type { LogEntry } from './run-log.js';

/** TensorFlow's own writer of event files, as the native backend of tfjs-node offers it. */
interface SummaryBackend {
  /** TensorFlow hands out the same writer for the same name within a process. */
  summaryWriter(name: string): tf.Tensor;
  createSummaryFileWriter(writer: tf.Tensor, folder: string, queue: number, flushMilliseconds: number): void;
  writeScalarSummary(writer: tf.Tensor, step: number, name: string, value: number): void;
  executeMultipleOutputs(operation: string, attributes: [], inputs: tf.Tensor[], outputs: 0): void;
}

const queue = 100;
const flushMilliseconds = 5000;

/** TensorBoard event files, drawn from the entries of the log. Needs the native engine, which holds their writer. */
export class TensorBoard {
  readonly #writer: tf.Tensor;

  constructor(folder: string) {
    this.#writer = tf.keep(backend().summaryWriter(randomUUID()));
    tf.tidy(() => backend().createSummaryFileWriter(this.#writer, folder, queue, flushMilliseconds));
  }

  write(entry: LogEntry): void {
    if (entry.type === 'step') {
      for (const [name, loss] of Object.entries(entry.losses)) this.#scalar(entry.step, `loss/${name}`, loss);
      this.#scalar(entry.step, 'learning_rate', entry.learningRate);
      this.#scalar(entry.step, 'gradient_norm', entry.gradientNorm);
      return;
    }
    this.#scalar(entry.step, 'validation/mean_dsc', entry.meanDsc);
    for (const [name, dsc] of Object.entries(entry.dsc))
      this.#scalar(entry.step, `validation/dsc ${name}`, dsc);
  }

  close(): void {
    backend().executeMultipleOutputs('CloseSummaryWriter', [], [this.#writer], 0);
    this.#writer.dispose();
  }

  #scalar(step: number, name: string, value: number | null): void {
    if (value !== null) backend().writeScalarSummary(this.#writer, step, name, value);
  }
}

function backend(): SummaryBackend {
  return tf.backend() as unknown as SummaryBackend;
}
