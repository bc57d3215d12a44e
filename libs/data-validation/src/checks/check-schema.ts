import { AlertKind, FindingSeverity, type Anomaly, type ColumnRule } from '@refit/contracts';
import { anomaly, onlyAnomalies, type Check, type Subject } from '../finding.js';
import { isNumeric } from '../judged-columns.js';

const types = ['boolean', 'integer', 'float', 'string', 'timestamp'];

/**
 * What is wrong with the schema itself, as a person may have written it: nothing that is judged by it could be believed.
 * No change of one rule accepts that; the schema is to be mended.
 */
export const checkSchema: Check = (subject) => {
  const rules = subject.expected?.schema.columns ?? [];
  const twice = rules.filter(({ name }, i) => rules.findIndex((other) => other.name === name) !== i);
  return onlyAnomalies([
    ...rules.flatMap((rule) => faults(rule).map(([kind, trouble]) => invalid(subject, rule, kind, trouble))),
    ...twice.map((rule) => invalid(subject, rule, 'INVALID_SCHEMA_SPECIFICATION', 'stands twice in the schema')),
  ]);
};

function faults({ name, type, nullRate, minimum, maximum, domain }: ColumnRule): readonly (readonly [kind: string, trouble: string])[] {
  const isShare = (share: number) => share >= 0 && share <= 1;
  const hasRange = minimum !== undefined || maximum !== undefined;
  return [
    [name === '', 'FEATURE_MISSING_NAME', 'a rule has no name'],
    [type === '', 'FEATURE_MISSING_TYPE', 'the schema has no type for it'],
    [type !== '' && !types.includes(type), 'INVALID_SCHEMA_SPECIFICATION', `${JSON.stringify(type)} is none of the types ${types.join(', ')}`],
    [!isShare(nullRate), 'INVALID_SCHEMA_SPECIFICATION', `the share of missing values is ${nullRate}, expected 0 to 1`],
    [(minimum ?? -Infinity) > (maximum ?? Infinity), 'INVALID_SCHEMA_SPECIFICATION', `the minimum ${minimum} is above the maximum ${maximum}`],
    [types.includes(type) && hasRange && !isNumeric(type), 'DOMAIN_INVALID_FOR_TYPE', `${type} values have no range`],
    [types.includes(type) && domain.length > 0 && type !== 'string', 'DOMAIN_INVALID_FOR_TYPE', `${type} values have no list of categories`],
    [new Set(domain).size < domain.length, 'INVALID_DOMAIN_SPECIFICATION', 'a category stands twice in its list'],
  ].flatMap(([isSo, kind, trouble]) => (isSo === true ? [[String(kind), String(trouble)] as const] : []));
}

const invalid = (subject: Subject, { name }: ColumnRule, kind: string, trouble: string): Anomaly => anomaly(subject, {
  kind, severity: FindingSeverity.FAILURE, alertKind: AlertKind.SCHEMA, column: name, message: `${name === '' ? 'the schema' : name}: ${trouble}; mend the schema`, observed: trouble, expected: 'a sound schema',
});
