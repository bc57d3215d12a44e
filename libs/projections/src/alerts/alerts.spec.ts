import { AlertRaisedSchema, event, FindingSeverity, RunRequestedSchema, Step } from '@refit/contracts';
import { describe, expect, it } from 'vitest';
import { tablesAfter } from '../in-memory-tables.fixture.js';
import { recordRun } from '../run-events.fixture.js';
import { alertsProjection } from './alerts-projection.js';
import { alertsQueries, type AlertsRequest } from './alerts-queries.js';

const requested = (runId: string, pipeline: string) => event(RunRequestedSchema, { runId, pipeline, plan: [Step.INGEST] });
const alert = (kind: string, title: string, severity = FindingSeverity.FAILURE) => event(AlertRaisedSchema, { kind, title, severity, message: `${title}: look at it` });

const log = [
  ...recordRun('a', [requested('a', 'delays'), alert('schema', 'a column is missing'), alert('distribution', 'distances have doubled')]),
  ...recordRun('b', [requested('b', 'fares'), alert('schema', 'a new column', FindingSeverity.WARNING)], 10),
];
const secondAlertAt = log[2]?.recordedAt ?? 0;
const alerts = alertsQueries(tablesAfter(alertsProjection, log));
const titles = (request: AlertsRequest) => alerts.list(request).items.map(({ alert: { title } }) => title);

describe('the alerts', () => {
  it('come newest first, with their run and pipeline', () => {
    expect(titles({})).toEqual(['a new column', 'distances have doubled', 'a column is missing']);
    expect(alerts.list({}).items[1]).toMatchObject({
      number: 2, runId: 'a', pipeline: 'delays', alert: { kind: 'distribution', severity: FindingSeverity.FAILURE, message: 'distances have doubled: look at it' },
    });
  });

  it.each<[AlertsRequest, string[]]>([
    [{ pipeline: 'delays' }, ['distances have doubled', 'a column is missing']],
    [{ kind: 'schema' }, ['a new column', 'a column is missing']],
    [{ pipeline: 'fares', kind: 'schema' }, ['a new column']],
    [{ kind: 'feature' }, []],
    [{ severity: FindingSeverity.WARNING }, ['a new column']],
    [{ since: secondAlertAt }, ['a new column', 'distances have doubled']],
    [{ until: secondAlertAt }, ['a column is missing']],
  ])('can be asked for by %j', (request, expected) => expect(titles(request)).toEqual(expected));

  it('come in pages', () => {
    const first = alerts.list({ pageSize: 2 });
    expect(first.items.map(({ number }) => number)).toEqual([3, 2]);
    const second = alerts.list({ pageSize: 2, pageToken: first.nextPageToken });
    expect(second.items.map(({ number }) => number)).toEqual([1]);
    expect(second.nextPageToken).toBe('');
  });
});
