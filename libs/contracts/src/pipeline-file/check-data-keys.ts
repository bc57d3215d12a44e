import { windowLength } from './durations.js';
import type { PipelineFault } from './fault.js';
import { sourceOf, splitOf, type PipelineFile, type Placed } from './pipeline-file.js';

const value = (path: PipelineFault['path'], message: string): PipelineFault => ({ path, at: 'value', message });

/** Where data comes from: paths of this machine, or arrivals of a named dataset. */
export function checkSource(file: PipelineFile): readonly PipelineFault[] {
  const source = sourceOf(file);
  const faults: PipelineFault[] = [];
  if (source.path !== undefined && source.paths !== undefined) faults.push(value(['source', 'paths'], 'expected either path or paths; found both'));
  if (source.path === undefined && source.paths === undefined && file.dataset === undefined) {
    const message = 'no path to read and no dataset whose arrivals to wait for; expected a path under "source", or the name of a dataset under "dataset"';
    faults.push({ path: file.source === undefined ? [] : ['source'], at: 'key', message });
  }
  for (const { value: path, path: at } of writtenPaths(file)) {
    if (/^[a-z][a-z0-9+.-]+:\/\//i.test(path)) faults.push(value(at, `expected a path or glob of files on this machine; found the address ${JSON.stringify(path)}`));
    else if (path.startsWith('~')) faults.push(value(at, `"~" is not expanded; expected an absolute path or one relative to this file; found ${JSON.stringify(path)}`));
    else if (path.includes('\0')) faults.push(value(at, 'expected a path; found one with a NUL character'));
  }
  return faults;
}

function writtenPaths(file: PipelineFile): readonly Placed<string>[] {
  if (typeof file.source === 'string') return [{ value: file.source, path: ['source'] }];
  const { path, paths = [] } = sourceOf(file);
  const inMapping = !Array.isArray(file.source);
  const listed = paths.map((p, i) => ({ value: p, path: inMapping ? ['source', 'paths', i] : ['source', i] }));
  return path === undefined ? listed : [{ value: path, path: ['source', 'path'] }, ...listed];
}

/** A window by time needs a column that orders rows in time. */
export function checkWindow(file: PipelineFile): readonly PipelineFault[] {
  const { window, timeColumn } = sourceOf(file);
  if (window === undefined) return [];
  const text = typeof window === 'string' ? window : window.last;
  const at = typeof window === 'string' ? ['source', 'window'] : ['source', 'window', 'last'];
  const length = windowLength(text);
  if (length.value <= 0) return [value(at, `expected a window longer than nothing; found ${JSON.stringify(text)}`)];
  if (length.case !== 'durationMs' || timeColumn !== undefined) return [];
  return [value(at, `a window by time needs "source.timeColumn", the column that orders rows in time; name it, or count "200000 rows" or "4 batches"`)];
}

/** Each way to split has its own need of a column, and must leave rows to train on. */
export function checkSplit(file: PipelineFile): readonly PipelineFault[] {
  const { test = 0.2, validation = 0.1 } = splitOf(file);
  const column = splitColumnFault(file);
  const faults = column === undefined ? [] : [column];
  if (test + validation < 1) return faults;
  return [...faults, { path: ['split'], at: 'key', message: `nothing is left to train on: test ${test} and validation ${validation} must add up to less than 1` }];
}

function splitColumnFault(file: PipelineFile): PipelineFault | undefined {
  const { timeColumn } = sourceOf(file);
  const { by = timeColumn === undefined ? 'random' : 'time', column } = splitOf(file);
  const at = typeof file.split === 'string' ? ['split'] : ['split', 'by'];
  switch (by) {
    case 'time': {
      if (column === undefined && timeColumn === undefined) return value(at, 'a split by time needs "source.timeColumn", the column that orders rows in time');
      const another = column !== undefined && timeColumn !== undefined && column !== timeColumn;
      return another ? value(['split', 'column'], `expected the time column "${timeColumn}" that "source.timeColumn" names; found "${column}"`) : undefined;
    }
    case 'hash':
      return column === undefined ? value(at, 'a split by hash needs "split.column", the key whose rows stay together') : undefined;
    case 'random':
      return column === undefined ? undefined : value(['split', 'column'], 'a split at random reads no column; expected "by: hash" or no column');
  }
}
