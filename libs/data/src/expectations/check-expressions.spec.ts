import { parsePipelineFile, RefitError } from '@refit/contracts';
import { describe, expect, it } from 'vitest';
import { checkExpressions } from './check-expressions.js';

/** The faults of a pipeline with these expectations, each with its place; none where it is taken. */
async function faults(...expectations: readonly string[]): Promise<readonly string[]> {
  const text = ['version: refit/v1', 'name: shop', 'source: x', 'label: sold', 'trainer: linear', 'dataGate:', '  expectations:', ...expectations.map((line) => `    ${line}`)].join('\n');
  const { expressions } = parsePipelineFile(text, { fileName: 'shop.yaml', baseDirectory: '/' });
  try {
    await checkExpressions(expressions, 'shop.yaml');
    return [];
  } catch (error) {
    if (!(error instanceof RefitError) || error.code !== 'PIPELINE_FILE_INVALID') throw error;
    return error.details.map(({ file, line, column, message }) => `${file}:${line}:${column} ${message}`);
  }
}

describe('SQL and patterns of a pipeline file that is applied', () => {
  it('are taken where they are expressions, whatever columns the data will have', async () => {
    expect(await faults('- sql: abs(total - net) < 0.005', '- { unique: id, where: country = \'CH\' }', '- regex: { column: sku, pattern: \'[A-Z]{3}-[0-9]+\' }', '- notNull: id')).toEqual([]);
  });

  it('are refused otherwise, all at once, each with the place where it stands and the reason', async () => {
    expect(await faults('- sql: price >', '- name: a clock', '  sql: made < now()', '- { unique: id, where: "id IN (SELECT 1)" }', '- regex: { column: sku, pattern: "[A-Z" }', '- sql: price > 0')).toEqual([
      expect.stringMatching(/^shop\.yaml:8:12 dataGate\.expectations\[0\]\.sql: the SQL is no expression: syntax error at end of input/u),
      expect.stringMatching(/^shop\.yaml:10:12 dataGate\.expectations\[1\]\.sql: the SQL uses now, which expectations do not know/u),
      expect.stringMatching(/^shop\.yaml:11:28 dataGate\.expectations\[2\]\.where: the SQL has a query inside/u),
      expect.stringMatching(/^shop\.yaml:12:38 dataGate\.expectations\[3\]\.regex\.pattern: it is no regular expression \(RE2\): .*missing/u),
    ]);
  });
});
