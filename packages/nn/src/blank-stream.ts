import { NetworkError } from './errors.js';
import { RandomStream } from './random-stream.js';

/**
 * Builds networks whose first values do not matter, because they are only counted or are read from a file afterwards: draws nothing, and
 * refuses once more numbers are asked for than `limit`, before room for them is made.
 */
export class BlankStream extends RandomStream {
  readonly #limit: number;
  #reserved = 0;

  constructor(limit: number = Number.POSITIVE_INFINITY) {
    super(0);
    this.#limit = limit;
  }

  override at(..._path: readonly (string | number)[]): RandomStream {
    return this;
  }

  override uniform(): () => number {
    return () => 0.5;
  }

  override normal(): () => number {
    return () => 0;
  }

  /** @throws NetworkError `too-many-parameters` */
  override reserve(count: number): void {
    this.#reserved += count;
    if (this.#reserved <= this.#limit) return;
    throw new NetworkError(
      'too-many-parameters',
      `the network has at least ${this.#reserved} parameters, expected at most ${this.#limit}`,
      { kind: 'data', hint: 'compare the configuration with the weights it is given' },
    );
  }
}
