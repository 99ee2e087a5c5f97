import { closeSync, openSync, readSync } from 'node:fs';
import { PreprocessError } from '../../errors.js';
import type { Patch } from '../../sampling/patch.js';
import type { PatchIndex } from '../../sampling/patch-index.js';
import { type CasePlane, cutPatch, type PatchSource } from '../../sampling/patch-source.js';
import type { Shape3, Volume } from '../../volume.js';
import { fileFault } from '../file-fault.js';
import type { CaseFile } from './case-file.js';

/** Patches of a cached case, read from its file as they are asked for: memory holds no more than the rows of one patch. */
export class CaseReader implements PatchSource {
  readonly #case: CaseFile;
  readonly #file: number;

  /** Throws `file-missing` when the file is gone since it was checked. */
  constructor(checked: CaseFile) {
    this.#case = checked;
    try {
      this.#file = openSync(checked.path, 'r');
    } catch (cause) {
      throw fileFault(checked.path, cause);
    }
  }

  get shape(): Shape3 {
    return this.#case.header.shape;
  }

  get channels(): number {
    return this.#case.header.channels;
  }

  get index(): PatchIndex {
    return this.#case.header.index;
  }

  plane(d: number): CasePlane {
    const [, height, width] = this.shape;
    const image = this.#rows('image', [1, height, width], d, 0);
    const label = this.#rows('label', [1, height, width], d, 0);
    return { image: image.data, label: label.data };
  }

  /** Reads the whole rows of the case that the patch crosses, then cuts. */
  cut(start: readonly [number, number, number], size: Shape3, fill: number): Patch {
    const [depth, height, width] = this.shape;
    const [d0, d1] = overlap(start[0], size[0], depth);
    const [h0, h1] = overlap(start[1], size[1], height);
    const slab: Shape3 = [d1 - d0, h1 - h0, width];
    const image = this.#rows('image', slab, d0, h0);
    const label = this.#rows('label', slab, d0, h0);
    const patch = cutPatch(image, label, [start[0] - d0, start[1] - h0, start[2]], size, fill);
    return { ...patch, offset: start };
  }

  /** The whole case. */
  volumes(): { image: Volume<Float32Array>; label: Volume<Uint8Array | Int32Array> } {
    return {
      image: this.#rows('image', this.shape, 0, 0) as Volume<Float32Array>,
      label: this.#rows('label', this.shape, 0, 0) as Volume<Uint8Array | Int32Array>,
    };
  }

  close(): void {
    closeSync(this.#file);
  }

  /** A slab of whole rows, starting at plane `d0` and row `h0`. */
  #rows(part: 'image' | 'label', slab: Shape3, d0: number, h0: number): Volume {
    const { header, imageOffset, labelOffset, path } = this.#case;
    const [, height, width] = header.shape;
    const isImage = part === 'image';
    const channels = isImage ? header.channels : 1;
    const count = slab[0] * slab[1] * width * channels;
    const data = isImage
      ? new Float32Array(count)
      : header.label === 'uint8'
        ? new Uint8Array(count)
        : new Int32Array(count);
    const bytes = new Uint8Array(data.buffer);
    const rowBytes = width * channels * data.BYTES_PER_ELEMENT;
    const from = isImage ? imageOffset : labelOffset;
    const runs = slab[1] === height ? 1 : slab[0]; // whole planes lie side by side
    const runBytes = bytes.length / Math.max(1, runs);
    for (let run = 0; run < runs; run += 1) {
      const at = from + ((d0 + run) * height + h0) * rowBytes;
      readFully(this.#file, bytes.subarray(run * runBytes, (run + 1) * runBytes), at, path);
    }
    return { data, shape: slab, channels, affine: header.affine };
  }
}

/** The part of `[start, start + size)` inside `[0, side)`. */
function overlap(start: number, size: number, side: number): [number, number] {
  const from = Math.min(side, Math.max(0, start));
  return [from, Math.max(from, Math.min(side, start + size))];
}

function readFully(file: number, target: Uint8Array, position: number, path: string): void {
  for (let done = 0; done < target.length; ) {
    const read = readSync(file, target, done, target.length - done, position + done);
    if (read === 0) throw cutOff(path);
    done += read;
  }
}

function cutOff(path: string): PreprocessError {
  return new PreprocessError('cache-damaged', `${path}: became shorter while it was in use`, {
    kind: 'data',
    hint: 'run again: the case is prepared anew',
  });
}
