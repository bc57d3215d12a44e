import { toJson } from '@bufbuild/protobuf';
import { AnomalySchema, DriftMeasureSchema, ExpectationResultSchema } from '@refit/contracts';
import type { DataJudgement } from '@refit/data-validation';
import type { AnalysedFile } from './analysed-file.js';
import type { FileExpectations } from './file-expectations.js';
import { formatName } from './in-words.js';

/** For programs: how the file is written, and all its statistics. */
export const fileJson = ({ file: { format, ...file }, statistics, relations, sliced, expectations }: AnalysedFile) => ({
  file: { ...file, format: formatName[format] }, statistics, ...(relations && { relations }), ...(sliced && { sliced }), ...(expectations && expectationsJson(expectations)),
});

const expectationsJson = ({ results, keyColumns, offenders }: FileExpectations) => ({
  expectations: results.map((result) => toJson(ExpectationResultSchema, result, { alwaysEmitImplicit: true })), offenders: { keyColumns, expectations: offenders },
});

export const judgementJson = ({ verdict, anomalies, drift }: DataJudgement) => ({
  verdict,
  anomalies: anomalies.map((anomaly) => toJson(AnomalySchema, anomaly, { alwaysEmitImplicit: true })),
  drift: drift.map((measure) => toJson(DriftMeasureSchema, measure, { alwaysEmitImplicit: true })),
});
