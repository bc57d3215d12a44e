export { withExpectations, type ExpectantJudgement } from './expectation-anomalies.js';
export { appliesTo, expectedColumn, expectedColumns } from './expected-columns.js';
export { judgeExpectation } from './judge-expectation.js';
export { keptExpectations } from './kept-expectations.js';
export { keyColumnsOf } from './key-columns.js';
export { unknown, type Measured, type RowsMeasured } from './measured.js';
export { mostKeys, mostSamples, type Offenders, type OffendersOfExpectation, type OffenderSample, type OffendingRow } from './offenders.js';
export {
  chosenOffenders, decideForgetting, decideKeeping, offendersDecider,
  type ForgetOffenders, type Forgetting, type KeptOffenders, type OffendersChoice, type OffendersState,
} from './offenders-decider.js';
export { toleratedRows } from './decimal.js';
