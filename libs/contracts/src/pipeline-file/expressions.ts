import type { PipelineFault } from './fault.js';
import type { PipelineFile } from './pipeline-file.js';

/** What expectations say in a language of its own: SQL, or a regular expression. */
export interface WrittenExpression {
  readonly language: 'sql' | 'pattern';
  readonly text: string;
  readonly path: PipelineFault['path'];
}

export const writtenExpressions = ({ dataGate: { expectations = [] } = {} }: Pick<PipelineFile, 'dataGate'>): readonly WrittenExpression[] =>
  expectations.flatMap(({ where, sql, regex }, i): WrittenExpression[] => {
    const at = (...keys: readonly string[]) => ['dataGate', 'expectations', i, ...keys];
    return [
      ...(where === undefined ? [] : [{ language: 'sql' as const, text: where, path: at('where') }]),
      ...(sql === undefined ? [] : [{ language: 'sql' as const, text: sql, path: at('sql') }]),
      ...(regex ? [{ language: 'pattern' as const, text: regex.pattern, path: at('regex', 'pattern') }] : []),
    ];
  });
