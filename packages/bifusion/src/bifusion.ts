import {
  Attention,
  type Context,
  LayerNorm,
  Linear,
  Mlp,
  Module,
  type RandomStream,
  type TextState,
  within,
} from '@bipvl/nn';
import * as tf from '@tensorflow/tfjs-core';
import type { Fusion } from './fusion.js';
import { WindowSelfAttention } from './window-self-attention.js';

export interface BiFusionOptions {
  /** Channels d of the vision features at this site. */
  readonly channels: number;
  /** Width of a text token. */
  readonly textWidth: number;
  /** Default 8; must divide d / 2. */
  readonly heads?: number;
  /** Hidden width of the MLPs. Default 2048. */
  readonly hidden?: number;
  /** Vision self-attention in windows, over the whole grid, or not at all. Default 'window'. */
  readonly visionSelfAttention?: 'window' | 'dense' | 'none';
  /** Largest side of a window, in voxels. Default 6. */
  readonly window?: number;
  /** Keeps the identity path around the self-attentions. Default true. */
  readonly selfAttentionResidual?: boolean;
  /** Adds the change to the text instead of replacing the text with it. Default true. */
  readonly textResidual?: boolean;
  /** Writes the change back to the text; without it the text passes unchanged, for a site that no text stage follows. Default true. */
  readonly returnsText?: boolean;
  /** Starts both MLPs at zero, so that vision begins unfused. Default false. */
  readonly zeroInitialised?: boolean;
}

/**
 * BiFusion (arXiv 2503.23534, section 3): text and vision tokens change each other,
 *   T' = T0 + SA(LN(T0)), V' = V + SA(LN(V)), T^ = T' + MLP(CA(T', V')), V^ = V' + MLP(CA(V', T^)),
 * where T0 are the class tokens of the N sentences, mapped to the vision's width, and T^ is mapped back and added to them.
 */
export class BiFusion extends Module implements Fusion {
  readonly textDown: Linear | undefined;
  readonly textUp: Linear | undefined;
  readonly textNorm: LayerNorm;
  readonly textSelfAttention: Attention;
  readonly visionSelfAttention: WindowSelfAttention | undefined;
  readonly textFromVision: Attention;
  readonly visionFromText: Attention;
  readonly textMlp: Mlp;
  readonly visionMlp: Mlp;
  readonly #selfAttentionResidual: boolean;
  readonly #textResidual: boolean;
  readonly #returnsText: boolean;

  /** @throws NetworkError `heads-do-not-divide` when d / 2 is no multiple of the heads. */
  constructor(options: BiFusionOptions, random: RandomStream) {
    super();
    const {
      channels: width,
      textWidth,
      heads = 8,
      hidden = 2048,
      window = 6,
      visionSelfAttention = 'window',
    } = options;
    const isMapped = textWidth !== width;
    const { returnsText = true } = options;
    const cross = { width, heads, inner: width / 2 };
    const mlp = { width, hidden, activation: 'relu' } as const;
    this.textDown = isMapped
      ? new Linear({ inputs: textWidth, outputs: width }, random.at('textDown'))
      : undefined;
    this.textUp =
      isMapped && returnsText
        ? new Linear({ inputs: width, outputs: textWidth }, random.at('textUp'))
        : undefined;
    this.textNorm = new LayerNorm({ channels: width });
    this.textSelfAttention = new Attention({ width, heads }, random.at('textSelfAttention'));
    const reach = visionSelfAttention === 'dense' ? Infinity : window;
    this.visionSelfAttention =
      visionSelfAttention === 'none'
        ? undefined
        : new WindowSelfAttention(
            { channels: width, heads, window: reach },
            random.at('visionSelfAttention'),
          );
    this.textFromVision = new Attention(cross, random.at('textFromVision'));
    this.visionFromText = new Attention(cross, random.at('visionFromText'));
    this.textMlp = new Mlp(mlp, random.at('textMlp'));
    this.visionMlp = new Mlp(mlp, random.at('visionMlp'));
    this.#selfAttentionResidual = options.selfAttentionResidual ?? true;
    this.#textResidual = options.textResidual ?? true;
    this.#returnsText = returnsText;
    if (options.zeroInitialised) this.#startAtZero();
  }

  /** Vision [B, D, H, W, d] or [B, T, d] and text [B * N, L, H] to the same shapes; only the class token of each sentence takes part. */
  forward(vision: tf.Tensor, text: TextState, context: Context): { vision: tf.Tensor; text: TextState } {
    return tf.tidy(() => {
      const classes = readClassTokens(text, vision.shape[0] as number);
      const attendedText = this.#attendText(
        this.textDown ? this.textDown.forward(classes) : classes,
        context,
      );
      const attendedVision = this.#attendVision(vision, context);
      const fused = this.#fuse(attendedText as tf.Tensor3D, attendedVision, context);
      return {
        vision: tf.reshape(fused.vision, vision.shape),
        text: this.#writeBack(text, classes, fused.text),
      };
    });
  }

  #writeBack(text: TextState, classes: tf.Tensor, fused: tf.Tensor): TextState {
    if (!this.#returnsText) return { tokens: tf.clone(text.tokens), mask: tf.clone(text.mask) };
    const change = this.textUp ? this.textUp.forward(fused) : fused;
    return writeClassTokens(text, this.#textResidual ? tf.add(classes, change) : change);
  }

  #attendText(text: tf.Tensor, context: Context): tf.Tensor {
    const normalised = this.textNorm.forward(text) as tf.Tensor3D;
    const attended = this.textSelfAttention.forward(normalised, normalised, within(context, 'text'));
    return this.#selfAttentionResidual ? tf.add(text, attended) : attended;
  }

  #attendVision(vision: tf.Tensor, context: Context): tf.Tensor3D {
    const [batch, width] = [vision.shape[0] as number, vision.shape.at(-1) as number];
    const attended = this.visionSelfAttention?.forward(vision, within(context, 'vision'));
    const kept = attended && this.#selfAttentionResidual ? tf.add(vision, attended) : (attended ?? vision);
    return tf.reshape(kept, [batch, -1, width]);
  }

  #fuse(text: tf.Tensor3D, vision: tf.Tensor3D, context: Context): { text: tf.Tensor; vision: tf.Tensor } {
    const seen = this.textFromVision.forward(text, vision, within(context, 'textFromVision'));
    const fusedText = tf.add(text, this.textMlp.forward(seen)) as tf.Tensor3D;
    const read = this.visionFromText.forward(vision, fusedText, within(context, 'visionFromText'));
    return { text: fusedText, vision: tf.add(vision, this.visionMlp.forward(read)) };
  }

  #startAtZero(): void {
    for (const { weight, bias } of [this.textMlp.contract, this.visionMlp.contract]) {
      weight.assign(tf.zerosLike(weight));
      bias?.assign(tf.zerosLike(bias));
    }
  }
}

/** Tokens [B * N, L, H] to the class tokens [B, N, H]. */
function readClassTokens({ tokens }: TextState, batch: number): tf.Tensor3D {
  const [sentences, , width] = tokens.shape as [number, number, number];
  return tf.reshape(tf.slice(tokens, [0, 0, 0], [sentences, 1, width]), [batch, sentences / batch, width]);
}

/** Class tokens [B, N, H] back to position 0 of their sentences. */
function writeClassTokens({ tokens, mask }: TextState, classes: tf.Tensor): TextState {
  const [sentences, length, width] = tokens.shape as [number, number, number];
  const others = tf.slice(tokens, [0, 1, 0], [sentences, length - 1, width]);
  return { tokens: tf.concat([tf.reshape(classes, [sentences, 1, width]), others], 1), mask: tf.clone(mask) };
}
