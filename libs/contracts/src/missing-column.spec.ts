import { describe, expect, it } from 'vitest';
import { insteadOfColumn } from './missing-column.js';

describe('a column that is not there', () => {
  it('is answered with what was probably meant, and with what there is', () => {
    expect(insteadOfColumn('arrival_dely', ['date', 'Arrival Delay', 'origin'])).toBe('did you mean "Arrival Delay"? the columns: date, Arrival Delay, origin');
    expect(insteadOfColumn('churned', ['date', 'origin'])).toBe('the columns: date, origin');
  });
  it('is answered with the nearest names where there are many', () => {
    const columns = [...Array.from({ length: 500 }, (_, i) => `sensor_${i}_mean`), 'delay'];
    expect(insteadOfColumn('dealy', columns)).toMatch(/^did you mean "delay"\? the columns: delay, .* and 481 more$/);
  });
});
