import { toJson } from '@bufbuild/protobuf';
import { AnomalySchema, DriftMeasureSchema } from '@refit/contracts';
import type { DataJudgement } from '@refit/data-validation';
import type { AnalysedFile } from './analysed-file.js';
import { formatName } from './in-words.js';

/** For programs: how the file is written, and all its statistics. */
export const fileJson = ({ file: { format, ...file }, statistics, relations }: AnalysedFile) => ({ file: { ...file, format: formatName[format] }, statistics, ...(relations && { relations }) });

export const judgementJson = ({ verdict, anomalies, drift }: DataJudgement) => ({
  verdict,
  anomalies: anomalies.map((anomaly) => toJson(AnomalySchema, anomaly, { alwaysEmitImplicit: true })),
  drift: drift.map((measure) => toJson(DriftMeasureSchema, measure, { alwaysEmitImplicit: true })),
});
