import { expect, test } from 'vitest';
import { type ConvolutionShape, convolve, filterGradient, imageGradient } from './plain-conv3d.js';

const shape: ConvolutionShape = { batch: 2, size: [2, 3, 4], kernel: 3, inputChannels: 2, outputChannels: 3 };
const wave = (length: number, step: number) =>
  Float64Array.from({ length }, (_, index) => Math.sin(step * (index + 1)));
const image = wave(2 * 24 * 2, 0.7);
const filter = wave(27 * 6, 1.3);
const upstream = wave(2 * 24 * 3, 0.9);

function dot(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, value, index) => sum + value * (b[index] ?? Number.NaN), 0);
}

test('a filter of ones counts the neighbours', () => {
  const ones: ConvolutionShape = {
    batch: 1,
    size: [3, 3, 3],
    kernel: 3,
    inputChannels: 1,
    outputChannels: 1,
  };
  const counts = convolve(ones, new Float64Array(27).fill(1), new Float64Array(27).fill(1));
  expect([counts[0], counts[1], counts[4], counts[13]]).toEqual([8, 12, 18, 27]);
});

test('a filter with one tap shifts along the last axis', () => {
  const line: ConvolutionShape = {
    batch: 1,
    size: [1, 1, 4],
    kernel: 3,
    inputChannels: 1,
    outputChannels: 1,
  };
  const tap = new Float64Array(27);
  tap[14] = 1;
  expect([...convolve(line, Float64Array.of(1, 2, 3, 4), tap)]).toEqual([2, 3, 4, 0]);
});

test.each([0, 17, 95])('the image gradient is the finite difference at %i', (index) => {
  const moved = Float64Array.from(image, (value, at) => (at === index ? value + 1 : value));
  const change =
    dot(convolve(shape, moved, filter), upstream) - dot(convolve(shape, image, filter), upstream);
  expect(imageGradient(shape, filter, upstream)[index]).toBeCloseTo(change, 10);
});

test.each([0, 80, 161])('the filter gradient is the finite difference at %i', (index) => {
  const moved = Float64Array.from(filter, (value, at) => (at === index ? value + 1 : value));
  const change = dot(convolve(shape, image, moved), upstream) - dot(convolve(shape, image, filter), upstream);
  expect(filterGradient(shape, image, upstream)[index]).toBeCloseTo(change, 10);
});
