import fc from 'fast-check';
import { expect, it } from 'vitest';
import { binFeatures, binThresholds } from './bins.js';

it('puts a threshold between any two neighbouring values when they are few', () => {
  expect(binThresholds(Float32Array.of(3, 1, NaN, 1, 7), 255)).toEqual(Float32Array.of(2, 5));
});

it('makes equally full bins when the values are many', () => {
  const values = Float32Array.from({ length: 1000 }, (_, i) => i);
  expect(binThresholds(values, 4)).toEqual(Float32Array.of(249.5, 499.5, 749.5));
});

it('separates neighbouring float32 values, between which no other lies', () => {
  const next = 1 + 2 ** -23;
  expect(binFeatures({ rows: 2, width: 1, values: Float32Array.of(1, next) }, 255, 0).bins).toEqual(Uint8Array.of(0, 1));
});

it('keeps the order of values and gives missing ones the last bin', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.float({ noNaN: true, noDefaultInfinity: true }), fc.constant(NaN)), { minLength: 1, maxLength: 60 }), fc.integer({ min: 2, max: 20 }), (values, limit) => {
      const column = Float32Array.from(values);
      const { bins, thresholds } = binFeatures({ rows: column.length, width: 1, values: column }, limit, 0);
      expect(thresholds[0].length).toBeLessThan(limit);
      const pairs = [...column.keys()].flatMap((i) => [...column.keys()].map((j) => [i, j] as const));
      expect(pairs.filter(([i, j]) => column[i] <= column[j] && bins[i] > bins[j])).toEqual([]);
      expect([...column.keys()].filter((i) => Number.isNaN(column[i]) !== (bins[i] === thresholds[0].length + 1))).toEqual([]);
    }),
    { seed: 1 },
  );
});
