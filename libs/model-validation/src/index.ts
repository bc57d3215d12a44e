export { judgeModel, type ModelJudgement } from './judge-model.js';
export { measure, type MetricOfSlice } from './measure.js';
export { measureSlices, type GatedMetric, type SliceMetrics, type SliceRequest } from './measure-slices.js';
export { describeMetric, metricCatalogue, metricsOfTask, resolveMetric, type MetricDescription } from './metric-catalogue.js';
export type { BinaryPredictions, MulticlassPredictions, Predictions, RegressionPredictions } from './predictions.js';
export { selectPredictions } from './predictions.js';
export { sliceName, sliceRows, type Slice, type SliceColumn } from './slice-rows.js';
