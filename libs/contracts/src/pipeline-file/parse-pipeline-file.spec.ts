import { readFileSync } from 'node:fs';
import { fromJson } from '@bufbuild/protobuf';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isRefitError, RefitError } from '../errors.js';
import { CatchUpPolicy, PipelineSpecSchema } from '../gen/refit/pipeline/v1/spec_pb.js';
import { parsePipelineFile } from './parse-pipeline-file.js';

const origin = { fileName: 'flights.yaml', baseDirectory: '/srv/flights' };
const five = ['version: refit/v1', 'name: flights-delay', 'source: weeks/*.parquet', 'label: class', 'trainer: gradient-boosting'];
const replaced = (line: number, text: string) => five.map((l, i) => (i === line ? text : l)).join('\n');
const parse = (...lines: string[]) => parsePipelineFile([...five, ...lines].join('\n'), origin).spec;

function faultsOf(text: string): string[] {
  try {
    parsePipelineFile(text, origin);
  } catch (error) {
    if (!isRefitError(error, 'PIPELINE_FILE_INVALID')) throw error;
    return error.details.map((d) => `${d.line}:${d.column} ${d.message}`);
  }
  return [];
}
const faults = (...lines: string[]) => faultsOf([...five, ...lines].join('\n'));

describe('five lines', () => {
  it('make a pipeline with every default written out', () => {
    expect(parse()).toEqual(
      fromJson(PipelineSpecSchema, {
        name: 'flights-delay',
        dataset: 'flights-delay',
        source: { paths: ['/srv/flights/weeks/*.parquet'], window: {} },
        triggers: {
          onData: { enabled: true, minimumRows: 1, coalesce: true },
          onDecay: { enabled: true, minimumSeverity: 'DECAY_SEVERITY_LOW' },
          concurrency: 'CONCURRENCY_POLICY_QUEUE',
        },
        dataGate: {
          psiWarning: 0.1, psiFailure: 0.25, maximumNullRateIncrease: 0.05, maximumUnseenCategoryRate: 0.05, rangeMargin: 0.5,
          minimumRows: 1, maximumMalformedRowRate: 0.01, newColumn: 'FINDING_SEVERITY_WARNING',
          wassersteinWarning: 0.1, wassersteinFailure: 0.5, driftMinimumRows: 300,
        },
        label: { column: 'class' },
        features: { numericImputation: 'NUMERIC_IMPUTATION_MEDIAN', standardize: true, maximumCategories: 50, dateParts: ['DATE_PART_HOUR', 'DATE_PART_DAY_OF_WEEK', 'DATE_PART_MONTH'] },
        split: { kind: 'SPLIT_KIND_RANDOM', testFraction: 0.2, validationFraction: 0.1, salt: 'flights-delay' },
        trainer: {
          kind: 'TRAINER_KIND_GRADIENT_BOOSTING', seed: 1,
          gradientBoosting: { trees: 100, leaves: 31, learningRate: 0.1, bins: 64, minimumRowsPerLeaf: 20, earlyStoppingRounds: 10 },
        },
        evaluation: { minimumSliceRows: 100, threshold: 0.5 },
        modelGate: { minimumComparisonRows: 100, metrics: [{ name: 'better than guessing', metric: 'primary', betterThanGuessing: true }, { name: 'primary not worse than champion', metric: 'primary', notWorseThanChampionBy: 0 }] },
        registration: { model: 'flights-delay', promote: true },
      }),
    );
  });
});

describe('a file that says everything', () => {
  it('is read as it is written', () => {
    const spec = parsePipelineFile(
      `version: refit/v1
name: flights
description: Late flights
dataset: bts
source: { paths: [/data/a.csv, b/*.csv], format: csv, timeColumn: date, window: { last: 4w } }
label: { column: delay, above: 15 }
trainer: { kind: linear, l2: 0.5, iterations: 50, seed: 7 }
triggers:
  schedule: ["0 6 * * MON", { cron: "30 2 * * *", timeZone: Europe/Berlin, catchUp: all }]
  onData: { minimumRows: 1000, debounce: 10s, coalesce: false }
  onDecay: false
  coolDown: 2h
  concurrency: skip
dataGate:
  psi: { warning: 0.2, failure: 0.4 }
  wasserstein: { failure: 1 }
  drift: { minimumRows: 50, columns: { distance: { psi: { failure: 0.8 }, wasserstein: { warning: 0.3 } } } }
  ignore: [date]
  newColumn: failure
features: { exclude: [id], impute: mean, standardize: false, maximumCategories: 10, dateParts: [year] }
split: { by: hash, column: plane, test: 0.3, validation: 0, salt: pepper }
evaluation: { slices: [origin], minimumSliceRows: 50, threshold: 0.3 }
modelGate:
  minimumComparisonRows: 500
  metrics:
    - { metric: rocAuc, atLeast: 0.7 }
    - { metric: logLoss, slice: origin=ATL, atMost: 0.6, name: Atlanta }
    - { metric: rocAuc, notWorseThanChampionBy: 0.01 }
register: { model: delay, promote: false }
`,
      origin,
    ).spec;
    expect(spec).toMatchObject({
      dataset: 'bts',
      source: { paths: ['/data/a.csv', '/srv/flights/b/*.csv'], timeColumn: 'date', window: { last: { case: 'durationMs', value: 28 * 86_400_000 } } },
      triggers: {
        schedules: [
          { cron: '0 6 * * MON', timeZone: 'UTC', catchUp: CatchUpPolicy.LATEST }, { cron: '30 2 * * *', timeZone: 'Europe/Berlin', catchUp: CatchUpPolicy.ALL },
        ],
        onData: { enabled: true, minimumRows: 1000, debounceMs: 10_000, coalesce: false },
        onDecay: { enabled: false },
        coolDownMs: 7_200_000,
      },
      dataGate: {
        psiWarning: 0.2, psiFailure: 0.4, wassersteinWarning: 0.1, wassersteinFailure: 1, driftMinimumRows: 50,
        driftLimits: [{ column: 'distance', psiFailure: 0.8, wassersteinWarning: 0.3 }],
      },
      label: { column: 'delay', above: 15, task: 1 },
      split: { kind: 2, column: 'plane', salt: 'pepper', validationFraction: 0 },
      trainer: { kind: 1, seed: 7, linear: { l2: 0.5, maximumIterations: 50 } },
      modelGate: {
        minimumComparisonRows: 500,
        metrics: [
          { name: 'rocAuc at least 0.7', condition: { case: 'atLeast', value: 0.7 } },
          { name: 'Atlanta', slice: 'origin=ATL', condition: { case: 'atMost', value: 0.6 } },
          { name: 'rocAuc not worse than champion by 0.01', condition: { case: 'notWorseThanChampionBy', value: 0.01 } },
        ],
      },
      registration: { model: 'delay', promote: false },
    });
  });

  it('may leave out the source when arrivals bring the data', () => {
    const text = replaced(2, 'dataset: bts');
    expect(parsePipelineFile(text, origin).spec.source?.paths).toEqual([]);
  });
});

describe('short forms and defaults that depend on other keys', () => {
  const at = (line: number, text: string) => parsePipelineFile(replaced(line, text), origin).spec;

  it('split by time where a time column is named', () => {
    expect(at(2, 'source: { path: a.csv, timeColumn: date }').split).toMatchObject({ kind: 1, column: 'date' });
  });
  it.each([
    ['200000 rows', { case: 'rows', value: 200_000 }],
    ['1 batch', { case: 'batches', value: 1 }],
    ['90m', { case: 'durationMs', value: 5_400_000 }],
  ])('window: %s', (window, last) => {
    expect(at(2, `source: { path: a.csv, timeColumn: date, window: ${window} }`).source?.window?.last).toEqual(last);
  });
  it.each(['{column: delay, above: 15}', '{column: class, positive: yes}', '{column: class, task: binary}'])('gates on rocAuc for label: %s', (label) => {
    expect(at(3, `label: ${label}`).modelGate?.metrics.map((g) => g.name)).toEqual(['better than guessing', 'rocAuc not worse than champion']);
  });
  it('reads a positive class that YAML takes for a number or a boolean as text', () => {
    expect(at(3, 'label: {column: class, positive: 1}').label?.positiveClass).toBe('1');
    expect(at(3, 'label: {column: class, positive: true}').label?.positiveClass).toBe('true');
  });
  it('stops no training early when no rows are kept to validate on', () => {
    expect(parse('split: {validation: 0}').trainer?.gradientBoosting?.earlyStoppingRounds).toBe(0);
  });
});

describe('errors', () => {
  it('name the file and count the faults', () => {
    const error = (() => {
      try {
        return parsePipelineFile('version: refit/v2\nname: -x', origin);
      } catch (e) {
        return e as RefitError;
      }
    })();
    expect(error).toMatchObject({ code: 'PIPELINE_FILE_INVALID', message: 'flights.yaml has 5 faults' });
    expect((error as RefitError).details.map((d) => d.file)).toEqual(Array(5).fill('flights.yaml'));
  });

  it('come all at once, also when keys stand twice', () => {
    expect(
      faultsOf(`version: refit/v1
name: flights
name: fares
source: { path: a.csv, timeColumn: a, timeColumn: b }
lable: class
name: trains
trainer: lineer
`),
    ).toEqual([
      '3:1 the key "name" stands twice in one mapping, first in line 2; keep one',
      '4:39 the key "timeColumn" stands twice in one mapping, first in line 4; keep one',
      expect.stringContaining('5:1 lable: unknown key. Did you mean "label"?'),
      '6:1 the key "name" stands twice in one mapping, first in line 2; keep one',
      expect.stringContaining('7:10 trainer: '),
    ]);
  });

  it('come all at once, in the order of the lines, from the schema and beyond it', () => {
    expect(
      faultsOf(`version: refit/v1
name: flights
source: s3://bucket/a.csv
lable: class
trainer: { kind: gradient-bosting, leaves: 1 }
triggers:
  schedule: 61 * * * *
  concurrency: que
`),
    ).toEqual([
      '3:9 source: expected a path or glob of files on this machine; found the address "s3://bucket/a.csv"',
      expect.stringMatching(/^4:1 lable: unknown key\. Did you mean "label"\? Known here: version, name, /),
      '5:18 trainer.kind: expected one of linear, gradient-boosting; found "gradient-bosting". Did you mean "gradient-boosting"?',
      '5:44 trainer.leaves: expected a whole number from 2 to 1024; found 1.',
      expect.stringMatching(/^7:13 triggers\.schedule: expected a cron expression/),
      '8:16 triggers.concurrency: expected one of queue, skip, replace; found "que". Did you mean "queue"?',
    ]);
  });

  it.each<[string, string[], string]>([
    ['a wrong type', ['features: { standardize: yes }'], '6:26 features.standardize: expected true or false; found "yes".'],
    ['an empty value', ['evaluation:'], '6:1 evaluation: expected a mapping; found nothing.'],
    ['a bad duration', ['triggers: { coolDown: soon }'], '6:23 triggers.coolDown: expected a duration (ms, s, m, h, d, w), such as 10s, 2h, 28d; found "soon".'],
    ['a bare number for a duration', ['triggers: { coolDown: 5 }'], '6:23 triggers.coolDown: expected a duration (ms, s, m, h, d, w), such as 10s, 2h, 28d; found 5.'],
    ['a missing key', ['modelGate: [ { atLeast: 1 } ]'], '6:14 modelGate[0].metric: missing; expected one of primary, rocAuc, '],
    ['a metric in the wrong case', ['modelGate: [ { metric: rocauc, atLeast: 0.5 } ]'], 'Did you mean "rocAuc"?'],
    ['a gate without a condition', ['modelGate: [ { metric: rocAuc } ]'], '6:14 modelGate[0]: expected exactly one of atLeast, atMost and notWorseThanChampionBy; found none'],
    ['a gate with two', ['modelGate: [ { metric: rocAuc, atLeast: 0, atMost: 1 } ]'], 'found atLeast and atMost'],
    ['two gates of one name', ['modelGate: [ { metric: rocAuc, atLeast: 0.5 }, { metric: rocAuc, atLeast: 0.5 } ]'], '6:48 modelGate[1]: two gates are named "rocAuc at least 0.5"'],
    ['a slice that is not evaluated', ['modelGate: [ { metric: rocAuc, atLeast: 0.5, slice: a=b } ]'], '"a" is not among "evaluation.slices"'],
    ['a cron that cannot be read', ['triggers: { schedule: "61 * * * *" }'], '6:23 triggers.schedule: expected a cron expression'],
    ['a cron that never comes true', ['triggers: { schedule: [ "0 0 30 2 *" ] }'], '6:25 triggers.schedule[0]: the cron expression "0 0 30 2 *" never comes true'],
    ['a time zone with a slip', ['triggers: { schedule: { cron: "@daily", timeZone: Europe/Berln } }'], 'Did you mean "Europe/Berlin"?'],
    ['a catch-up that does not exist', ['triggers: { schedule: { cron: "@daily", catchUp: lates } }'], 'triggers.schedule.catchUp: expected one of none, latest, all; found "lates". Did you mean "latest"?'],
    ['a city by its name at home', ['triggers: { schedule: { cron: "@daily", timeZone: Europe/Wien } }'], 'found "Europe/Wien". Known in Europe: Amsterdam, '],
    ['an offset for a time zone', ['triggers: { schedule: { cron: "@daily", timeZone: "+02:00" } }'], 'expected an IANA time zone'],
    ['a debounce of months', ['triggers: { onData: { debounce: 99d } }'], 'expected at most 7d; found "99d"'],
    ['a split by time without a time', ['split: time'], '6:8 split: a split by time needs "source.timeColumn"'],
    ['a split by hash without a key', ['split: { by: hash }'], '6:14 split.by: a split by hash needs "split.column"'],
    ['a random split with a key', ['split: { column: id }'], 'a split at random reads no column'],
    ['a split that leaves nothing', ['split: { test: 0.6, validation: 0.4 }'], '6:1 split: nothing is left to train on'],
    ['a warning after the failure', ['dataGate: { psi: { warning: 0.5 } }'], 'found warning 0.5 above failure 0.25'],
    ['a warning of one column after the failure of all', ['dataGate: { drift: { columns: { x: { wasserstein: { warning: 0.6 } } } } }'], '6:38 dataGate.drift.columns.x.wasserstein: the warning must come before the failure; found warning 0.6 above failure 0.5'],
    ['a column named twice', ['features: { exclude: [a, b, a] }'], '"a" stands twice in the list'],
    ['a key that stands twice', ['label: other'], '6:1 the key "label" stands twice in one mapping, first in line 4; keep one'],
    ['a key that is no text', ['1: other'], '6:1 expected a key of text; found 1'],
    ['an infinite number', ['evaluation: { threshold: .inf }'], 'expected a fraction between 0 and 1; found Infinity'],
    ['an alias to nothing', ['description: *here'], '*here refers to an anchor &here that is not in the file'],
    ['a flow that does not end', ['split: { by: time'], '6:18 '],
  ])('say what is wrong: %s', (_, lines, expected) => {
    const found = faults(...lines);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(expected);
  });

  it.each<[string, string, string]>([
    ['a window by time without a time', 'source: { path: a.csv, window: 28d }', 'needs "source.timeColumn"'],
    ['an empty window', 'source: { path: a.csv, timeColumn: t, window: 0d }', 'expected a window longer than nothing'],
    ['a path and paths', 'source: { path: a.csv, paths: [b.csv] }', 'expected either path or paths'],
    ['a home directory', 'source: ~/a.csv', '"~" is not expanded'],
    ['neither path nor dataset', 'source: { format: csv }', '3:1 source: no path to read and no dataset'],
    ['a name with a slash', 'name: a/b', 'expected a name of letters, digits'],
  ])('say what is wrong: %s', (_, line, expected) => {
    const key = line.slice(0, line.indexOf(':') + 1);
    const found = faultsOf(five.map((l) => (l.startsWith(key) ? line : l)).join('\n'));
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(expected);
  });

  it.each([
    ['label: {column: c, above: 1, positive: x}', 'expected either above (a number) or positive (a class)'],
    ['label: {column: c, above: 1, task: regression}', '"label.above" makes the label binary'],
  ])('on labels: %s', (line, expected) => {
    expect(faultsOf(replaced(3, line))[0]).toContain(expected);
  });

  it.each([
    ['trainer: {kind: linear, trees: 5}', '5:25 trainer.trees: is a parameter of gradient-boosting; the kind here is linear'],
    ['trainer: [linear]', 'expected linear, gradient-boosting or a mapping; found a list of 1'],
    ['trainer: lineer', 'expected one of linear, gradient-boosting; found "lineer". Did you mean "linear"?'],
  ])('on trainers: %s', (line, expected) => {
    expect(faultsOf(replaced(4, line))[0]).toContain(expected);
  });

  it('place a fault behind an alias where the value is written', () => {
    expect(faults('evaluation: { slices: &s [1] }', 'features: { exclude: *s }')).toEqual([
      '6:27 features.exclude[0]: expected the name of a column; found 1.',
      '6:27 evaluation.slices[0]: expected the name of a column; found 1.',
    ]);
  });
});

describe('hostile input', () => {
  it.each([
    ['nothing', '', 'the file is empty'],
    ['a scalar', '42', 'expected a mapping of keys, the Refit pipeline file refit/v1; found 42'],
    ['two documents', 'a: 1\n---\nb: 2', 'a pipeline file holds one pipeline'],
    ['more than 64 KiB', `# ${'x'.repeat(64 * 1024)}`, 'at most 65536 are read'],
    ['more than 5000 values', `a: [${'1,'.repeat(6000)}]`, 'more than 5000 values'],
    ['lists in lists in lists', '['.repeat(60_000), ''],
    ['a billion laughs', `a: &a [x,x]\n${'bcdefghijklmnop'.split('').map((c, i) => `${c}: &${c} [${`*${'abcdefghijklmnop'[i]},`.repeat(9)}]`).join('\n')}`, ''],
    ['an anchor that holds itself', 'a: &a [*a]', ''],
  ])('is refused: %s', (_, text, expected) => {
    const found = faultsOf(text);
    expect(found.length).toBeGreaterThan(0);
    expect(found.join('\n')).toContain(expected);
  });

  it('lists the first 50 faults of many', () => {
    const found = faults(...Array.from({ length: 300 }, (_, i) => `k${i}: 1`));
    expect(found).toHaveLength(50);
  });

  it('never throws anything but PIPELINE_FILE_INVALID, whatever a line becomes', () => {
    const text = fc.string({ unit: fc.constantFrom(...' \t\n:-[]{}&*!|>\'"%@`#,?abc019.~'.split('')), maxLength: 60 });
    const throwsNothingElse = (written: string) => {
      expect(() => faultsOf(written)).not.toThrow();
    };
    fc.assert(fc.property(text, fc.nat(five.length - 1), (line, i) => throwsNothingElse(replaced(i, line))), { numRuns: 500, seed: 1 });
  });

  it('never throws anything but PIPELINE_FILE_INVALID, whatever a key holds', () => {
    const schema = JSON.parse(readFileSync(new URL('../../pipeline.schema.json', import.meta.url), 'utf8'));
    const values = fc.jsonValue({ maxDepth: 3 });
    const others = (key: string) => five.filter((line) => !line.startsWith(`${key}:`));
    const throwsNothingElse = (key: string, value: unknown) => {
      expect(() => faultsOf([...others(key), `${key}: ${JSON.stringify(value)}`].join('\n'))).not.toThrow();
    };
    fc.assert(fc.property(fc.constantFrom(...Object.keys(schema.properties)), values, (key, value) => throwsNothingElse(key, value)), { numRuns: 500, seed: 1 });
  });
});
