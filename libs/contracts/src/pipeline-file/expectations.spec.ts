import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { anomalyKinds, expectationAnomalyKinds } from '../anomaly-kinds.js';
import { RefitError } from '../errors.js';
import { FindingSeverity } from '../gen/refit/pipeline/v1/spec_pb.js';
import { expectationKinds } from './expectations.js';
import { parseExpectationsFile } from './parse-expectations-file.js';
import { parsePipelineFile } from './parse-pipeline-file.js';

const origin = { fileName: 'shop.yaml', baseDirectory: '/data' };

const pipeline = (expectations: string) => `version: refit/v1
name: shop
source: weeks/*.csv
label: sold
trainer: linear
dataGate:
  expectations:
${expectations.split('\n').map((line) => `    ${line}`).join('\n')}
`;

const parsed = (expectations: string) => parsePipelineFile(pipeline(expectations), origin).spec.dataGate?.expectations ?? [];

/** `line:column message` of each fault. */
function faults(text: string, parse: (text: string) => unknown = (t) => parsePipelineFile(t, origin)): readonly string[] {
  try {
    parse(text);
  } catch (error) {
    if (error instanceof RefitError) return error.details.map(({ line, column, message }) => `${line}:${column} ${message}`);
    throw error;
  }
  return [];
}

const catalogue = `- unique: order
- unique: [shop, day]
- notNull: price
- allowed: { column: country, values: [DE, FR, 1, true] }
- regex: { column: sku, pattern: '[A-Z]{3}[0-9]+' }
- between: { column: price, minimum: 0, maximum: 99.5 }
- between: { column: day, minimum: 2020-01-01 }
- increasing: at
- increasing: { column: at, strictly: true, per: shop }
- notInFuture: at
- fresh: { column: at, within: 2d }
- ordered: [ordered_at, sent_at]
- sql: price >= cost
- rowCount: {}
- disjoint: customer
- disjoint: { columns: at, timeUnit: day }`;

describe('expectations of a pipeline file', () => {
  it('are what they say they are, with every default written out', () => {
    expect(parsed(catalogue).map(({ name, mostly, severity, where, expected }) => ({ name, mostly, severity, where, ...expected }))).toMatchObject([
      { name: 'unique order', mostly: 1, severity: FindingSeverity.FAILURE, where: '', case: 'unique', value: { columns: ['order'] } },
      { name: 'unique shop, day', case: 'unique', value: { columns: ['shop', 'day'] } },
      { name: 'price not null', case: 'notNull', value: 'price' },
      { name: 'country in DE, FR, 1, true', case: 'allowed', value: { column: 'country', values: ['DE', 'FR', '1', 'true'] } },
      { name: 'sku matches [A-Z]{3}[0-9]+', case: 'regex' },
      { name: 'price between 0 and 99.5', case: 'between', value: { minimum: '0', maximum: '99.5' } },
      { name: 'day at least 2020-01-01', case: 'between', value: { minimum: '2020-01-01', maximum: '' } },
      { name: 'at increasing', case: 'increasing', value: { column: 'at', strictly: false, per: [] } },
      { name: 'at strictly increasing per shop', case: 'increasing', value: { strictly: true, per: ['shop'] } },
      { name: 'at not in the future', case: 'notInFuture', value: { column: 'at', toleranceMs: 0 } },
      { name: 'at fresh within 2d', case: 'fresh', value: { column: 'at', withinMs: 172_800_000 } },
      { name: 'ordered_at <= sent_at', case: 'ordered', value: { columns: ['ordered_at', 'sent_at'], strictly: false } },
      { name: 'price >= cost', case: 'sql', value: 'price >= cost' },
      { name: 'row count 0.5 to 2 times the median of 8 batches', case: 'rowCount', value: { batches: 8, atLeast: 0.5, atMost: 2 } },
      { name: 'no customer in both test and training', case: 'disjoint', value: { columns: ['customer'], timeUnit: '' } },
      { name: 'no at in both test and training by day', case: 'disjoint', value: { columns: ['at'], timeUnit: 'day' } },
    ]);
  });

  it('take a name, a tolerance, a severity and the rows that they are about', () => {
    expect(parsed('- { name: prices, notNull: price, mostly: 0.95, severity: warning, where: "country = \'DE\'" }')).toMatchObject([
      { name: 'prices', mostly: 0.95, severity: FindingSeverity.WARNING, where: "country = 'DE'" },
    ]);
  });

  it.each([
    ['- uniqe: order', '8:7 dataGate.expectations[0].uniqe: unknown key. Did you mean "unique"?'],
    ['- mostly: 0.9', '8:7 dataGate.expectations[0]: expected exactly one of unique, notNull, allowed, regex, between, increasing, notInFuture, fresh, ordered, sql, rowCount and disjoint; found none'],
    ['- { unique: a, notNull: b }', 'found unique and notNull'],
    ['- { notNull: a, mostly: 1.5 }', '8:29 dataGate.expectations[0].mostly: expected a share of the rows above 0 and up to 1; found 1.5'],
    ['- { notNull: a, mostly: 0 }', 'expected a share of the rows above 0 and up to 1; found 0'],
    ['- { notNull: a, severity: fail }', 'expected one of info, warning, failure; found "fail".'],
    ['- { between: { column: a } }', 'expected a minimum, a maximum or both; found neither'],
    ['- { between: { column: a, minimum: 5, maximum: 3 } }', 'the minimum must not be above the maximum; found 5 above 3'],
    ['- { between: { column: a, minimum: low } }', 'expected a number, or a time such as 2026-01-31 or 2026-01-31T08:00:00Z; found "low"'],
    ['- { between: { column: a, minimum: 2026-02-30 } }', 'found "2026-02-30"'],
    ['- { between: { column: a, minimum: 1, maximum: 2026-01-01 } }', 'expected a number, as the minimum is one; found "2026-01-01"'],
    ['- { fresh: { column: a, within: 0 } }', 'expected a duration longer than nothing; found 0'],
    ['- { rowCount: { atLeast: 3 } }', 'atLeast must not be above atMost; found 3 above 2'],
    ['- { rowCount: {}, mostly: 0.9 }', 'rowCount does not judge single rows, so "mostly" has no meaning for it; leave it out'],
    ['- { disjoint: a, where: b > 1 }', 'disjoint does not judge single rows, so "where" has no meaning for it; leave it out'],
    ['- sql: " "', 'expected an SQL expression, such as arrival >= departure; found " "'],
    ['- ordered: [a]', 'with at least 2 in it'],
    ['- notNull: a\n- notNull: a', '9:7 dataGate.expectations[1]: two expectations are named "a not null"; give each its own name'],
  ])('that are wrong are told by line and column: %s', (expectations, message) => {
    expect(faults(pipeline(expectations))).toEqual([expect.stringContaining(message)]);
  });

  it('have their severity beside them, not by kind', () => {
    for (const kind of expectationAnomalyKinds) {
      const text = pipeline('- notNull: a').replace('dataGate:', `dataGate:\n  severity: { ${kind}: warning }`);
      expect(faults(text)).toEqual([expect.stringContaining(`dataGate.severity.${kind}: expectations have no severity by kind; write "severity" beside each under "expectations"`)]);
    }
  });
});

describe('a file of expectations', () => {
  const parse = (text: string) => parseExpectationsFile(text, { fileName: 'expectations.yaml', baseDirectory: '/' });

  it('is a list, a mapping with one, or a whole pipeline', () => {
    expect(parse('- notNull: a').map(({ name }) => name)).toEqual(['a not null']);
    expect(parse('expectations:\n  - notNull: a').map(({ name }) => name)).toEqual(['a not null']);
    expect(parse(pipeline('- notNull: a')).map(({ name }) => name)).toEqual(['a not null']);
  });

  it('that is wrong is told by its own lines', () => {
    expect(faults('- notNul: a', parse)).toEqual([expect.stringContaining('1:3 [0].notNul: unknown key. Did you mean "notNull"?')]);
    expect(faults('expectations:\n  - notNull: a\n    mostly: 2', parse)).toEqual([expect.stringContaining('3:13 expectations[0].mostly: expected a share')]);
    expect(faults('expectation:\n  - notNull: a', parse)).toEqual([expect.stringContaining('1:1 expectation: unknown key. Did you mean "expectations"?')]);
    expect(faults('hello', parse)).toEqual([expect.stringContaining('1:1 expected a mapping')]);
  });

  it('without an expectation is none', () => {
    expect(() => parse('[]')).toThrow('expectations.yaml has no expectation in it');
    expect(() => parse(pipeline('').replace(/dataGate[^]*/u, ''))).toThrow('shop.yaml'.replace('shop', 'expectations'));
  });
});

it('every kind of anomaly stands on the page of anomalies, those of expectations too', () => {
  const page = readFileSync(new URL('../../../../docs/data-gate/anomalies.md', import.meta.url), 'utf8');
  expect([...anomalyKinds, ...expectationAnomalyKinds].filter((kind) => !page.includes(`\`${kind}\``))).toEqual([]);
});

describe('the examples of the documentation', () => {
  const page = readFileSync(new URL('../../../../docs/data-gate/expectations.md', import.meta.url), 'utf8');
  const examples = [...page.matchAll(/^```yaml\n([^]*?)^```/gmu)].map(([, yaml = '']) => yaml);

  it('are all read, and there is one for each expectation', () => {
    const kinds = examples.flatMap((yaml) => parseExpectationsFile(yaml, origin)).map(({ expected }) => expected.case);
    expect(new Set<string | undefined>(kinds)).toEqual(new Set(expectationKinds));
  });
});
