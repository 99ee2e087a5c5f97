import { type Context, Module, type RandomStream } from '@bipvl/nn';
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
  readonly skipChannels: readonly number[];
  readonly bottleneckChannels: number;
  readonly #grids: StageGrids;

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
    this.#grids = new StageGrids(medFormerName, strides, settings.form.normalisation === 'instance' ? 2 : 1);
    this.sites = [
      ...deepest.map((each, index) => this.#grids.site(firstCoarse + index, each)),
      this.#tokenSite(deepest.length * mapTokens, width),
    ];
    this.skipChannels = channels.slice(0, -1);
    this.bottleneckChannels = channels.at(-1) as number;
  }

  bottleneckExtent(input: readonly number[]): readonly number[] {
    return this.#grids.extent(4, input);
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

  #tokenSite(tokens: number, channels: number): FusionSite {
    const extent = (input: readonly number[]) => {
      this.bottleneckExtent(input);
      return [tokens];
    };
    return { name: 'semantic maps', kind: 'tokens', channels, prefix: 0, extent };
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
