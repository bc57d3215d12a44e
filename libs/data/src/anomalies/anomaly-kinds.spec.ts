import { anomalyKinds, DataSchemaSchema, event, FindingSeverity, type AnomalyKind, type ColumnRule, type DataSchema } from '@refit/contracts';
import { applyChange, describeChange } from '@refit/data-validation';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../testing/temporary-folder.js';
import { judgeRows, type JudgedRows } from './judge-rows.js';

const { folder } = temporaryFolder();

type Severity = 'info' | 'warning' | 'failure';

interface Case extends Omit<JudgedRows, 'rows'> {
  readonly kind: AnomalyKind;
  readonly severity: Severity;
  /** What the column, or the data, is said to be. */
  readonly says: RegExp;
  readonly raises: string;
  /** Data that is nearly so. */
  readonly nearly: string;
  /** Absent: as the anomaly is judged with. */
  readonly nearlyEdit?: (schema: DataSchema) => DataSchema;
}

const from = (expression: string, rows = 1000) => `SELECT ${expression} FROM range(${rows})`;
/** Even on 0 … 1, in no order. */
const u = '(((range * 2654435761) % 4294967296) / 4294967296.0::DOUBLE)';
/** Whole numbers that name no rows, as one comes twice. */
const amounts = 'CASE WHEN range = 3 THEN 4 ELSE range END AS x';
const letter = `CASE range % 3 WHEN 0 THEN 'a' WHEN 1 THEN 'b' ELSE 'c' END`;
const some = (share: number, then: string, otherwise: string) => `CASE WHEN range % 100 < ${share} THEN ${then} ELSE ${otherwise} END`;
const editRule = (patch: Partial<ColumnRule>) => (schema: DataSchema): DataSchema => event(DataSchemaSchema, { ...schema, columns: schema.columns.map((rule, i) => (i === 0 ? { ...rule, ...patch } : rule)) });

const cases: readonly Case[] = [
  // Schema
  { kind: 'SCHEMA_NEW_COLUMN', severity: 'warning', says: /^x: a new column/u, reference: from(`${u} AS a`), raises: from(`${u} AS a, 1 AS x`), nearly: from(`${u} AS a`) },
  { kind: 'SCHEMA_MISSING_COLUMN', severity: 'failure', says: /^x: the column is missing/u, reference: from(`${u} AS a, 1 AS x`), raises: from(`${u} AS a`), nearly: from(`${u} AS a, 1 AS x`) },
  {
    kind: 'UNEXPECTED_DATA_TYPE', severity: 'failure', says: /^x: string values where float is expected: 98\.0 % numbers, 2\.0 % "N\/A"$/u,
    reference: from(`${u} AS x`), raises: from(`${some(2, `'N/A'`, `CAST(${u} AS VARCHAR)`)} AS x`), nearly: from(`${some(2, 'NULL', u)} AS x`),
  },
  { kind: 'UNEXPECTED_DATA_TYPE', severity: 'warning', says: /float values where integer/u, reference: from('range AS x'), raises: from('range + .5 AS x'), nearly: from('range AS x') },
  {
    kind: 'MIXED_TYPES', severity: 'warning', says: /^x: text, but 98\.0 % numbers, 2\.0 % "N\/A": what is no number/u,
    reference: from(`${some(25, `'flat ' || range`, 'CAST(range AS VARCHAR)')} AS x`), raises: from(`${some(2, `'N/A'`, `CAST(${u} AS VARCHAR)`)} AS x`), nearly: from(`${some(30, `'flat ' || range`, 'CAST(range AS VARCHAR)')} AS x`),
  },
  {
    kind: 'MIXED_TYPES', severity: 'warning', says: /^x: .*40\.0 % numbers.*; reference 0\.0 % numbers/u,
    reference: from(`'item ' || range AS x`), raises: from(`${some(40, 'CAST(range AS VARCHAR)', `'item ' || range`)} AS x`), nearly: from(`${some(9, 'CAST(range AS VARCHAR)', `'item ' || range`)} AS x`),
  },
  { kind: 'FEATURE_MISSING_NAME', severity: 'failure', says: /a rule has no name/u, reference: from('range AS x'), raises: from('range AS x'), nearly: from('range AS x'), edit: editRule({ name: '' }), nearlyEdit: editRule({}) },
  { kind: 'FEATURE_MISSING_TYPE', severity: 'failure', says: /no type/u, reference: from('range AS x'), raises: from('range AS x'), nearly: from('range AS x'), edit: editRule({ type: '' }), nearlyEdit: editRule({}) },
  { kind: 'INVALID_SCHEMA_SPECIFICATION', severity: 'failure', says: /the minimum 5 is above the maximum 4/u, reference: from('range AS x'), raises: from('range AS x'), nearly: from('range AS x'), edit: editRule({ minimum: 5, maximum: 4 }), nearlyEdit: editRule({ minimum: 4, maximum: 4000 }) },
  { kind: 'DOMAIN_INVALID_FOR_TYPE', severity: 'failure', says: /string values have no range/u, reference: from(`${letter} AS x`), raises: from(`${letter} AS x`), nearly: from(`${letter} AS x`), edit: editRule({ minimum: 1 }), nearlyEdit: editRule({ domain: ['a', 'b', 'c', 'd'] }) },
  { kind: 'INVALID_DOMAIN_SPECIFICATION', severity: 'failure', says: /stands twice/u, reference: from(`${letter} AS x`), raises: from(`${letter} AS x`), nearly: from(`${letter} AS x`), edit: editRule({ domain: ['a', 'b', 'c', 'a'] }), nearlyEdit: editRule({ domain: ['a', 'b', 'c', 'A'] }) },
  // Distribution
  { kind: 'NO_DATA_IN_SPAN', severity: 'failure', says: /^no rows/u, reference: from('range AS x'), raises: from('range AS x', 0), nearly: from('range AS x', 1) },
  { kind: 'DATASET_LOW_NUM_EXAMPLES', severity: 'failure', says: /^999 rows, at least 1,000/u, gate: '{ minimumRows: 1000 }', reference: from(`${u} AS x`), raises: from(`${u} AS x`, 999), nearly: from(`${u} AS x`) },
  { kind: 'DATASET_HIGH_NUM_EXAMPLES', severity: 'failure', says: /^1,001 rows, at most 1,000/u, gate: '{ maximumRows: 1000 }', reference: from(`${u} AS x`), raises: from(`${u} AS x`, 1001), nearly: from(`${u} AS x`) },
  { kind: 'COMPARATOR_LOW_NUM_EXAMPLES', severity: 'warning', says: /^19 rows, 0\.019 times those of the reference \(1,000\), expected at least 0\.02/u, reference: from(`${u} AS x`), raises: from(`${u} AS x`, 19), nearly: from(`${u} AS x`, 20) },
  { kind: 'COMPARATOR_HIGH_NUM_EXAMPLES', severity: 'warning', says: /^2,001 rows, 2\.001 times/u, gate: '{ rowsOfReference: { maximum: 2 } }', reference: from(`${u} AS x`), raises: from(`${u} AS x`, 2001), nearly: from(`${u} AS x`, 2000) },
  { kind: 'COMPARATOR_PSI_HIGH', severity: 'failure', says: /^x: the distribution has moved, PSI/u, reference: from(`${letter} AS x`), raises: from(`CASE WHEN range % 10 < 8 THEN 'a' WHEN range % 10 = 8 THEN 'b' ELSE 'c' END AS x`), nearly: from(`CASE WHEN range % 100 < 38 THEN 'a' WHEN range % 100 < 70 THEN 'b' ELSE 'c' END AS x`) },
  { kind: 'COMPARATOR_WASSERSTEIN_HIGH', severity: 'failure', gate: '{ psi: { warning: 8, failure: 9 } }', says: /^x: the distribution has moved, Wasserstein/u, reference: from(`${u} AS x`), raises: from(`${u} * 1.7 + .2 AS x`), nearly: from(`${u} + .02 AS x`) },
  { kind: 'COMPARATOR_L_INFTY_HIGH', severity: 'failure', says: /^x: the largest difference of a share from the reference is 0\.1\d+, allowed 0\.1; "a" 33\.4 % → 50/u, gate: '{ lInfinity: { failure: .1 }, psi: { warning: 9, failure: 9 } }', reference: from(`${letter} AS x`), raises: from(`CASE WHEN range % 2 = 0 THEN 'a' WHEN range % 4 = 1 THEN 'b' ELSE 'c' END AS x`), nearly: from(`CASE WHEN range % 100 < 42 THEN 'a' WHEN range % 100 < 71 THEN 'b' ELSE 'c' END AS x`) },
  { kind: 'COMPARATOR_JENSEN_SHANNON_DIVERGENCE_HIGH', severity: 'warning', says: /^x: the Jensen-Shannon divergence from the reference is 0\.1\d+, allowed 0\.01/u, gate: '{ jensenShannon: { warning: .01, failure: .5 } }', reference: from(`${u} AS x`), raises: from(`${u} * .8 AS x`), nearly: from(`${u} * .99 AS x`) },
  { kind: 'COMPARATOR_TOO_FEW_ROWS', severity: 'warning', says: /^insufficient data to judge the drift of x/u, reference: from(`${u} AS x`), raises: from(`${u} AS x`, 299), nearly: from(`${u} AS x`, 300) },
  { kind: 'COMPARATOR_CONTROL_DATA_MISSING', severity: 'failure', says: /^x: drift could not be computed/u, reference: from('NULL::DOUBLE AS x'), raises: from(`${u} AS x`), nearly: from('NULL::DOUBLE AS x') },
  { kind: 'COMPARATOR_TREATMENT_DATA_MISSING', severity: 'failure', says: /^x: drift could not be computed/u, reference: from(`${u} AS x`), raises: from('NULL::DOUBLE AS x, 1 AS y'), nearly: from(`${some(1, 'NULL', u)} AS x`) },
  { kind: 'COMPARATOR_WITHOUT_REFERENCE', severity: 'info', says: /^the drift of x is not judged/u, reference: from(`${letter} AS x`), raises: from('range AS x'), nearly: from(`${letter} AS x`), edit: editRule({ type: 'integer', domain: [] }), nearlyEdit: editRule({}) },
  { kind: 'CONSTANT_BECAME_VARIABLE', severity: 'warning', says: /^x: was always 7; now 5\.0 % of the values are others, 2 different ones/u, reference: from('7 AS x'), raises: from(`${some(5, '8', '7')} AS x`), nearly: from('CASE WHEN range = 3 THEN 8 ELSE 7 END AS x') },
  { kind: 'VARIABLE_BECAME_CONSTANT', severity: 'warning', says: /^x: always "a" in 1,000 rows; the reference has 3 different values, this one in 33\.4 %/u, reference: from(`${letter} AS x`), raises: from(`'a' AS x`), nearly: from(`CASE WHEN range = 3 THEN 'b' ELSE 'a' END AS x`) },
  { kind: 'UNIT_CHANGED', severity: 'failure', says: /^x: as if miles became kilometres; all quantiles agree/u, reference: from(`exp(${u} * 3) AS x`), raises: from(`exp(${u} * 3) * 1.609344 AS x`), nearly: from(`exp(${u} * 3) * 1.45 AS x`) },
  { kind: 'UNIT_CHANGED', severity: 'failure', says: /^x: as if ÷ 1,000, or bytes became kibibytes; /u, reference: from(`5000 + ${u} * 30000 AS x`), raises: from(`(5000 + ${u} * 30000) / 1000 AS x`), nearly: from(`(5000 + ${u} * 30000) / 500 AS x`) },
  { kind: 'UNIT_CHANGED', severity: 'failure', says: /^x: as if degrees Celsius became Fahrenheit/u, reference: from(`${u} * 30 AS x`), raises: from(`${u} * 54 + 32 AS x`), nearly: from(`${u} * 54 + 20 AS x`) },
  // Feature
  { kind: 'DATASET_WITHOUT_VALUES', severity: 'failure', says: /^not one value/u, reference: from('range AS x'), raises: from('NULL::BIGINT AS x'), nearly: from('CASE WHEN range = 0 THEN 1 END AS x') },
  { kind: 'FEATURE_TYPE_LOW_FRACTION_PRESENT', severity: 'failure', says: /^x: 10\.0 % missing, reference 0\.0 %, allowed rise 5\.0 %/u, reference: from(`${u} AS x`), raises: from(`${some(10, 'NULL', u)} AS x`), nearly: from(`${some(5, 'NULL', u)} AS x`) },
  { kind: 'FEATURE_TYPE_HIGH_FRACTION_PRESENT', severity: 'warning', says: /^x: only 0\.0 % missing, reference 10\.0 %/u, reference: from(`${some(10, 'NULL', u)} AS x`), raises: from(`${u} AS x`), nearly: from(`${some(5, 'NULL', u)} AS x`) },
  { kind: 'FEATURE_TYPE_NOT_PRESENT', severity: 'failure', says: /^x: 100\.0 % missing/u, reference: from(`${u} AS x, 1 AS y`), raises: from('NULL::DOUBLE AS x, 1 AS y'), nearly: from(`${some(99, 'NULL', u)} AS x, 1 AS y`) },
  { kind: 'FEATURE_TYPE_LOW_NUMBER_PRESENT', severity: 'failure', says: /^x: 990 rows with a value, at least 991/u, gate: '{ columns: { x: { minimumPresent: 991 } } }', reference: from(`${u} AS x`), raises: from(`${some(1, 'NULL', u)} AS x`), nearly: from(`CASE WHEN range < 9 THEN NULL ELSE ${u} END AS x`) },
  { kind: 'COLUMNS_MISSING_TOGETHER', severity: 'warning', says: /^x, y are missing together in 3\.0 % of the rows, reference 0\.0 %/u, reference: from(`${u} AS x, ${u} AS y, 1 AS z`), raises: from(`${some(3, 'NULL', u)} AS x, ${some(3, 'NULL', u)} AS y, 1 AS z`), nearly: from(`${some(3, 'NULL', u)} AS x, CASE WHEN range % 100 >= 97 THEN NULL ELSE ${u} END AS y, 1 AS z`) },
  { kind: 'NULL_TOKENS', severity: 'failure', says: /^x: 8\.0 % of the values stand for a missing one \("\?"\), reference 0\.0 %/u, reference: from(`${letter} AS x`), raises: from(`${some(8, `'?'`, letter)} AS x`), nearly: from(`${some(8, `'unknown'`, letter)} AS x`) },
  { kind: 'NULL_TOKENS', severity: 'warning', says: /^x: 3\.0 % of .*\("NA", " "\)/u, reference: from(`${letter} AS x`), raises: from(`CASE WHEN range % 100 < 2 THEN 'NA' WHEN range % 100 = 2 THEN ' ' ELSE ${letter} END AS x`), nearly: from(`${some(3, 'NULL', letter)} AS x`) },
  { kind: 'NULL_TOKENS', severity: 'info', says: /^x: 3\.0 % of .*reference 3\.0 %/u, reference: from(`${some(3, `'n/a'`, letter)} AS x`), raises: from(`${some(3, `'n/a'`, letter)} AS x`), nearly: from(`${some(3, `'nay'`, letter)} AS x`) },
  { kind: 'FLOAT_TYPE_HAS_NAN', severity: 'warning', says: /^x: 1\.0 % NaN/u, reference: from(`${u} AS x`), raises: from(`${some(1, `'nan'::DOUBLE`, u)} AS x`), nearly: from(`${some(1, 'NULL', u)} AS x`) },
  { kind: 'FLOAT_TYPE_HAS_INF', severity: 'failure', says: /^x: 6\.0 % infinite/u, reference: from(`${u} AS x`), raises: from(`${some(6, `'-inf'::DOUBLE`, u)} AS x`), nearly: from(`${some(5, 'NULL', u)} AS x`) },
  { kind: 'ENUM_TYPE_INVALID_UTF8', severity: 'warning', says: /^x: 20 rows \(2\.0 %\) with the sign � where bytes were no valid text: "Z�rich"; reference 0\.0 %/u, reference: from(`'Zürich' AS x`), raises: from(`${some(2, `'Z' || chr(65533) || 'rich'`, `'Zürich'`)} AS x`), nearly: from(`'Zürich' AS x`) },
  { kind: 'MOJIBAKE', severity: 'failure', says: /^x: 60 rows \(6\.0 %\) with letters of an encoding that it was not written in: "ZÃ¼rich"/u, reference: from(`'Zürich' AS x`), raises: from(`${some(6, `'ZÃ¼rich'`, `'Zürich'`)} AS x`), nearly: from(`${some(6, `'São Paulo, NÃO'`, `'Zürich'`)} AS x`) },
  { kind: 'INT_TYPE_BIG_INT', severity: 'warning', says: /^x: up to 1502, allowed up to 1498\.5; 1 row/u, reference: from(amounts), raises: from('CASE WHEN range = 5 THEN 1502 ELSE range END AS x'), nearly: from('CASE WHEN range = 5 THEN 1498 ELSE range END AS x') },
  { kind: 'INT_TYPE_SMALL_INT', severity: 'failure', says: /^x: down to -600, .*20 rows \(2\.0 %\)/u, reference: from(amounts), raises: from(`${some(2, '-600', 'range')} AS x`), nearly: from(`${some(2, '-499', 'range')} AS x`) },
  { kind: 'FLOAT_TYPE_BIG_FLOAT', severity: 'warning', says: /^x: up to 1\.6/u, reference: from(`${u} AS x`), raises: from(`CASE WHEN range = 5 THEN 1.6 ELSE ${u} END AS x`), nearly: from(`CASE WHEN range = 5 THEN 1.45 ELSE ${u} END AS x`) },
  { kind: 'FLOAT_TYPE_SMALL_FLOAT', severity: 'warning', says: /^x: down to -0\.6/u, reference: from(`${u} AS x`), raises: from(`CASE WHEN range = 5 THEN -.6 ELSE ${u} END AS x`), nearly: from(`CASE WHEN range = 5 THEN -.45 ELSE ${u} END AS x`) },
  { kind: 'BOOL_TYPE_BIG_INT', severity: 'warning', says: /^x: up to 2/u, reference: from('range % 2 AS x'), raises: from('CASE WHEN range = 5 THEN 2 ELSE range % 2 END AS x'), nearly: from('range % 2 AS x') },
  { kind: 'BOOL_TYPE_SMALL_INT', severity: 'warning', says: /^x: down to -1/u, reference: from('range % 2 AS x'), raises: from('CASE WHEN range = 5 THEN -1 ELSE range % 2 END AS x'), nearly: from('range % 2 AS x') },
  { kind: 'BOOL_TYPE_UNEXPECTED_STRING', severity: 'warning', says: /^x: 2\.0 % of rows in categories never seen before \("maybe"\)/u, reference: from(`CASE WHEN range % 2 = 0 THEN 'yes' ELSE 'no' END AS x`), raises: from(`CASE WHEN range % 50 = 0 THEN 'maybe' WHEN range % 2 = 0 THEN 'yes' ELSE 'no' END AS x`), nearly: from(`CASE WHEN range % 5 < 3 THEN 'yes' ELSE 'no' END AS x`) },
  { kind: 'SINGLE_WILD_VALUE', severity: 'warning', says: /^x: 1000000 in 1 row lies far from all other values, of which most are 0\.0\d+ to 0\.9/u, reference: from(`${u} AS x`), raises: from(`CASE WHEN range = 5 THEN 1e6 ELSE ${u} END AS x`), nearly: from(`CASE WHEN range = 5 THEN 4 ELSE ${u} END AS x`) },
  { kind: 'SINGLE_WILD_VALUE', severity: 'warning', says: /^x: -999 in 2 rows/u, reference: from(`${u} AS x`), raises: from(`CASE WHEN range = 5 THEN 999 WHEN range < 2 THEN -999 ELSE ${u} END AS x`), nearly: from(`CASE WHEN range < 4 THEN -999 ELSE ${u} END AS x`) },
  { kind: 'ENUM_TYPE_UNEXPECTED_STRING_VALUES', severity: 'failure', says: /^x: 6\.0 % of rows in categories never seen before \("new"\), allowed 5\.0 %/u, reference: from(`${letter} AS x`), raises: from(`${some(6, `'new'`, letter)} AS x`), nearly: from(`${letter} AS x`) },
  { kind: 'ENUM_TYPE_UNEXPECTED_STRING_VALUES', severity: 'failure', says: /^x: 3\.0 % of .*allowed 2\.0 %/u, gate: '{ columns: { x: { minimumDomainMass: .98 } } }', reference: from(`${letter} AS x`), raises: from(`${some(3, `'new'`, letter)} AS x`), nearly: from(`${some(3, 'NULL', letter)} AS x`) },
  { kind: 'CATEGORY_VARIANTS', severity: 'warning', says: /^x: one category in several spellings: "Bern" = "Bern " = "bern"; 20 rows \(2\.0 %\) are not spelt as most/u, reference: from(`'Bern' AS x`), raises: from(`CASE WHEN range % 100 = 7 THEN 'bern' WHEN range % 100 = 8 THEN 'Bern ' ELSE 'Bern' END AS x`), nearly: from(`${some(2, `'Berne'`, `'Bern'`)} AS x`) },
  { kind: 'CATEGORY_VARIANTS', severity: 'info', says: /are not spelt as most, as in the reference/u, reference: from(`${some(2, `'Zu' || chr(776) || 'rich'`, `'Zürich'`)} AS x`), raises: from(`${some(2, `'Zu' || chr(776) || 'rich'`, `'Zürich'`)} AS x`), nearly: from(`${some(2, `'Zurich'`, `'Zürich'`)} AS x`) },
  { kind: 'FEATURE_TYPE_LOW_UNIQUE', severity: 'failure', says: /^x: 3 different values, at least 4/u, gate: '{ columns: { x: { minimumUnique: 4 } } }', reference: from(`${letter} AS x`), raises: from(`${letter} AS x`), nearly: from('range % 4 AS x') },
  { kind: 'FEATURE_TYPE_LOW_UNIQUE', severity: 'warning', says: /^id: 10\.0 % of the rows repeat a value of another row; in the reference each row has its own/u, reference: from('range AS id'), raises: from('range % 900 AS id'), nearly: from('range + 1000 AS id') },
  { kind: 'FEATURE_TYPE_HIGH_UNIQUE', severity: 'failure', says: /^x: 4 different values, at most 3/u, gate: '{ columns: { x: { maximumUnique: 3 } } }', reference: from(`${letter} AS x`), raises: from('range % 4 AS x'), nearly: from(`${letter} AS x`) },
  { kind: 'FEATURE_TYPE_HIGH_UNIQUE', severity: 'warning', says: /^x: 1,000 different values where the reference has 3 categories/u, reference: from(`${letter} AS x`), raises: from(`${letter} || range AS x`), nearly: from(`${letter} || range % 4 AS x`) },
  { kind: 'LABEL_LEAKAGE', severity: 'warning', says: /^x: by itself it tells y with AUC 1\.000, implausible from 0\.98/u, label: 'y', reference: from(`${u} AS x, ${u} > .5 AS y`), raises: from(`${u} AS x, ${u} > .5 AS y`), nearly: from(`${u} AS x, CASE WHEN range % 20 = 0 THEN ${u} < .5 ELSE ${u} > .5 END AS y`) },
  { kind: 'LABEL_LEAKAGE', severity: 'warning', says: /^x: by itself it tells y with R² 0\.9\d/u, label: 'y', reference: from(`${u} AS x, ${u} * 3 AS y`), raises: from(`${u} AS x, ${u} * 3 AS y`), nearly: from(`${u} AS x, ${u} + (range * 40503) % 1000 / 2000 AS y`) },
  { kind: 'IDENTIFIER_AS_FEATURE', severity: 'info', says: /^id: each row has its own/u, label: 'y', reference: from(`range AS id, range % 2 AS y`), raises: from('range AS id, range % 2 AS y'), nearly: from('range * 977 % 10007 AS pieces, range % 2 AS y') },
  { kind: 'IDENTIFIER_AS_FEATURE', severity: 'warning', says: /^id: each row has its own/u, label: 'y', reference: from(`range // 2 AS id, range % 2 AS y`), raises: from('range AS id, range % 2 AS y'), nearly: from('range * 977 % 10007 AS pieces, range % 2 AS y') },
  { kind: 'DUPLICATE_ROWS', severity: 'warning', says: /^100 rows \(10\.0 %\) are there already/u, reference: from(`${u} AS a, sin(range) AS b`), raises: `SELECT * FROM (${from(`${u} AS a, sin(range) AS b`, 900)}) UNION ALL ${from(`${u} AS a, sin(range) AS b`, 100)}`, nearly: `SELECT * FROM (${from(`${u} AS a, sin(range) AS b`, 960)}) UNION ALL ${from(`${u} AS a, sin(range) AS b`, 40)}` },
  { kind: 'CONFLICTING_LABELS', severity: 'warning', says: /^y: 100 rows \(10\.0 %\) contradict the majority/u, label: 'y', gate: '{ maximumDuplicateRate: 1 }', reference: from(`${u} AS a, sin(range) AS b, range % 2 AS y`), raises: `SELECT * FROM (${from(`${u} AS a, sin(range) AS b, range % 2 AS y`, 900)}) UNION ALL ${from(`${u} AS a, sin(range) AS b, 1 - range % 2 AS y`, 100)}`, nearly: `SELECT * FROM (${from(`${u} AS a, sin(range) AS b, range % 2 AS y`, 900)}) UNION ALL ${from(`${u} AS a, sin(range) AS b, range % 2 AS y`, 100)}` },
];

const severities: Readonly<Record<Severity, FindingSeverity>> = { info: FindingSeverity.INFO, warning: FindingSeverity.WARNING, failure: FindingSeverity.FAILURE };

/** What rows alone do not tell has specs of its own: malformed lines, statistics of older versions, other data than the reference, a classifier. */
const elsewhere: readonly AnomalyKind[] = [
  'MALFORMED_ROWS', 'FLOAT_TYPE_NOT_FINITE', 'COMPARATOR_PSI_UNKNOWN', 'COMPARATOR_PREVIOUS_HIGH', 'COMPARATOR_CLASSIFIER_AUC_HIGH', 'COMPARATOR_CLASSIFIER_INCONCLUSIVE',
];

describe('the data gate', () => {
  it.each(cases)('raises $kind ($severity), and only where it is so', async ({ kind, raises, nearly, severity, says, nearlyEdit, ...given }) => {
    const found = await judgeRows(folder, { ...given, rows: raises });
    const one = found.anomalies.find((anomaly) => anomaly.kind === kind);
    expect(one).toMatchObject({ severity: severities[severity], message: expect.stringMatching(says) });
    const almost = await judgeRows(folder, { ...given, ...(nearlyEdit && { edit: nearlyEdit }), rows: nearly });
    expect(almost.anomalies.filter((anomaly) => anomaly.kind === kind).map(({ message }) => message)).toEqual([]);
  });

  it('has data here for every kind that it knows', () => {
    const told = new Set<string>([...cases.map(({ kind }) => kind), ...elsewhere]);
    expect(anomalyKinds.filter((kind) => !told.has(kind))).toEqual([]);
  });

  it.each(cases)('lets $kind ($severity) pass where the change that it carries is accepted', async ({ kind, raises, ...given }) => {
    const { anomalies, schema, again } = await judgeRows(folder, { ...given, rows: raises });
    for (const { change, column } of anomalies.filter((anomaly) => anomaly.kind === kind)) {
      expect(change).toBeDefined();
      const changed = change ? applyChange(schema, change) : schema;
      expect(again(changed).filter((other) => !other.message.includes('; let pass') && other.kind === kind && other.column === column).map((other) => `${other.message} / ${change && describeChange(change)}`)).toEqual([]);
    }
  });

  it('tells what it finds in the order of its questions: schema, distribution, feature', async () => {
    const { anomalies } = await judgeRows(folder, { reference: from(`${u} AS a, ${letter} AS b`), rows: from(`${u} * 9 + 5 AS a, ${some(9, 'NULL', letter)} AS b, 1 AS extra`) });
    const kinds = anomalies.map(({ alertKind }) => alertKind);
    expect(kinds).toEqual(kinds.toSorted((a, b) => a - b));
    expect(new Set(kinds).size).toBe(3);
  });

  it('is as severe as the pipeline file says, or silent', async () => {
    const given = { reference: from(`${letter} AS x`), rows: from(`${some(8, `'?'`, letter)} AS x`) };
    const severityOf = async (gate: string) => (await judgeRows(folder, { ...given, gate })).anomalies.find(({ kind }) => kind === 'NULL_TOKENS')?.severity;
    expect(await severityOf('{ severity: { NULL_TOKENS: info } }')).toBe(FindingSeverity.INFO);
    expect(await severityOf('{ severity: { NULL_TOKENS: off } }')).toBeUndefined();
    await expect(severityOf('{ severity: { NULL_TOKEN: off } }')).rejects.toMatchObject({ details: [{ message: expect.stringContaining('Did you mean "NULL_TOKENS"?') }] });
    await expect(severityOf('{ lInfinity: { warning: .5, failure: .1 } }')).rejects.toMatchObject({ details: [{ message: expect.stringContaining('warning 0.5 above failure 0.1') }] });
  });
});
