import { type Context, Module, NetworkError, type RandomStream } from '@bipvl/nn';
import * as tf from '@tensorflow/tfjs-core';
import type { Encoder, FusionSite, Meet, Pyramid } from '../coupling.js';
import { MedFormerCoarseLevel, MedFormerFineLevel, MedFormerStem } from './medformer-levels.js';
import { type MedFormerSettings, medFormerName } from './medformer-settings.js';
import { SemanticMapFusion } from './semantic-map-fusion.js';
import { StageGrids } from './stage-grids.js';

/** Five levels down. Sites are the three deepest, and the tokens of their maps once a transformer has joined them. */
export class MedFormerEncoder extends Module implements Encoder {
  readonly stem: MedFormerStem;
  readonly fine: MedFormerFineLevel;
  /** Fine to deep. */
  readonly coarse: MedFormerCoarseLevel[];
  readonly maps: SemanticMapFusion;
  readonly sites: readonly FusionSite[];
  readonly bottleneckChannels: number;
  readonly #grids: StageGrids;
  readonly #needsVoxels: boolean;

  /** @throws NetworkError `heads-do-not-divide` where the width of the transformer is no multiple of its heads. */
  constructor(settings: MedFormerSettings, random: RandomStream) {
    super();
    const { channels, strides, mapTokens, fusionWidth: width, fusionHeads: heads } = settings;
    const deepest = channels.slice(firstCoarse);
    this.stem = new MedFormerStem(settings, random.at('stem'));
    this.fine = new MedFormerFineLevel(settings, random.at('fine'));
    this.coarse = deepest.map(
      (_, index) => new MedFormerCoarseLevel(firstCoarse + index, settings, random.at('coarse', index)),
    );
    this.maps = new SemanticMapFusion(
      { channels: deepest, width, depth: settings.fusionDepth, heads },
      random.at('maps'),
    );
    this.#grids = new StageGrids(medFormerName, strides);
    this.#needsVoxels = settings.form.normalisation === 'instance';
    this.sites = [
      ...deepest.map((each, index) => this.#gridSite(firstCoarse + index, each)),
      this.#tokenSite(deepest.length * mapTokens, width),
    ];
    this.bottleneckChannels = channels.at(-1) as number;
  }

  bottleneckExtent(input: readonly number[]): readonly number[] {
    return this.#extent(4, input);
  }

  encode<S extends tf.TensorContainer>(
    image: tf.Tensor,
    context: Context,
    state: S,
    meet: Meet<S> = passBy,
  ): { pyramid: Pyramid; state: S } {
    this.bottleneckExtent(image.shape.slice(1, 4));
    return tf.tidy(() => {
      const finest = this.stem.forward(image as tf.Tensor5D, context);
      const outputs: tf.Tensor[] = [finest, this.fine.forward(finest, context)];
      const maps: tf.Tensor5D[] = [];
      let current = state;
      for (const [site, level] of this.coarse.entries()) {
        const reached = tf.tidy(() => {
          const { features, map } = level.descend(outputs.at(-1) as tf.Tensor5D, context);
          return { map, met: meet(site, features, current) };
        });
        maps.push(reached.map);
        outputs.push(reached.met.features);
        current = reached.met.state;
      }
      const joined = tf.tidy(() => meet(this.coarse.length, this.maps.fuse(maps, context), current));
      const extra = this.#partMaps(joined.features as tf.Tensor3D);
      const [skips, bottleneck] = [outputs.slice(0, -1), outputs.at(-1) as tf.Tensor];
      return { pyramid: { skips, bottleneck, extra }, state: joined.state };
    });
  }

  /** The map of each deep level by its number, as the decoder takes it. */
  #partMaps(tokens: tf.Tensor3D): tf.NamedTensorMap {
    const maps = this.maps.part(tokens);
    return Object.fromEntries(maps.map((map, index) => [mapName(firstCoarse + index), map]));
  }

  #gridSite(level: number, channels: number): FusionSite {
    return { ...this.#grids.site(level, channels), extent: (input) => this.#extent(level, input) };
  }

  #tokenSite(tokens: number, channels: number): FusionSite {
    const extent = (input: readonly number[]) => {
      this.bottleneckExtent(input);
      return [tokens];
    };
    return { name: 'semantic maps', kind: 'tokens', channels, prefix: 0, extent };
  }

  /** @throws NetworkError `illegal-size` where strides do not divide the sides, or leave a bottleneck of one voxel to instance norm. */
  #extent(level: number, input: readonly number[]): readonly number[] {
    const extent = this.#grids.extent(level, input);
    if (this.#needsVoxels && this.#grids.extent(4, input).every((side) => side === 1)) throw single(input);
    return extent;
  }
}

/** The first level that has a map. */
const firstCoarse = 2;

/** Under which name a pyramid's `extra` holds the map of a level, [N, M, 1, 1, C]. */
export function mapName(level: number): string {
  return `map ${level}`;
}

function passBy<S extends tf.TensorContainer>(
  _: number,
  features: tf.Tensor,
  state: S,
): { features: tf.Tensor; state: S } {
  return { features, state };
}

/** Instance norm of one voxel is zero whatever comes in; PyTorch refuses it too. */
function single(input: readonly number[]): NetworkError {
  const larger = input.map((side, axis) => (axis === 0 ? 2 * side : side));
  return new NetworkError(
    'illegal-size',
    `MedFormer with instance norm expects more than one voxel at its bottleneck, received sides [${input}]`,
    { hint: `use a patch of [${larger}] voxels or more, or normalisation 'layer'` },
  );
}
