/** A change of units: what numbers are multiplied by, and how it is told. */
export interface UnitFactor {
  readonly factor: number;
  readonly told: string;
}

const powersOfTen = [10, 100, 1000, 1e4, 1e5, 1e6, 1e9].map((factor) => ({ factor, upTold: `× ${factor.toLocaleString('en-US')}`, downTold: `÷ ${factor.toLocaleString('en-US')}` }));

const units = [
  { factor: 1.609344, upTold: 'miles became kilometres', downTold: 'kilometres became miles' },
  { factor: 1609.344, upTold: 'miles became metres', downTold: 'metres became miles' },
  { factor: 2.54, upTold: 'inches became centimetres', downTold: 'centimetres became inches' },
  { factor: 3.280839895, upTold: 'metres became feet', downTold: 'feet became metres' },
  { factor: 2.2046226218, upTold: 'kilograms became pounds', downTold: 'pounds became kilograms' },
  { factor: 3.785411784, upTold: 'gallons became litres', downTold: 'litres became gallons' },
  { factor: 60, upTold: 'minutes became seconds, or hours minutes', downTold: 'seconds became minutes, or minutes hours' },
  { factor: 3600, upTold: 'hours became seconds', downTold: 'seconds became hours' },
  { factor: 24, upTold: 'days became hours', downTold: 'hours became days' },
  { factor: 86_400, upTold: 'days became seconds', downTold: 'seconds became days' },
  { factor: 1024, upTold: 'kibibytes became bytes', downTold: 'bytes became kibibytes' },
] as const;

/** Factors that units of measurement differ by, both ways. */
export const unitFactors: readonly UnitFactor[] = [...powersOfTen, ...units].flatMap(({ factor, upTold, downTold }) => [
  { factor, told: upTold }, { factor: 1 / factor, told: downTold },
]);
