import { Task } from '@refit/contracts';

export interface MetricDescription {
  readonly name: string;
  /** For people, as a sentence begins with it. */
  readonly title: string;
  /** Which value is better; `zero`: the one nearer to it. */
  readonly better: 'higher' | 'lower' | 'zero';
  readonly tasks: readonly Task[];
  /** Shown for every slice; the other metrics only where a gate asks for them. */
  readonly ofSlices: boolean;
}

const { BINARY, MULTICLASS, REGRESSION } = Task;

/** Every metric that an evaluation measures and a gate can name. */
export const metricCatalogue: readonly MetricDescription[] = [
  { name: 'rocAuc', title: 'ROC AUC', better: 'higher', tasks: [BINARY, MULTICLASS], ofSlices: true },
  { name: 'prAuc', title: 'PR AUC', better: 'higher', tasks: [BINARY], ofSlices: false },
  { name: 'logLoss', title: 'Log loss', better: 'lower', tasks: [BINARY, MULTICLASS], ofSlices: true },
  { name: 'brier', title: 'Brier score', better: 'lower', tasks: [BINARY], ofSlices: false },
  { name: 'accuracy', title: 'Accuracy', better: 'higher', tasks: [BINARY, MULTICLASS], ofSlices: true },
  { name: 'precision', title: 'Precision', better: 'higher', tasks: [BINARY], ofSlices: false },
  { name: 'recall', title: 'Recall', better: 'higher', tasks: [BINARY], ofSlices: false },
  { name: 'f1', title: 'F1', better: 'higher', tasks: [BINARY], ofSlices: false },
  { name: 'specificity', title: 'Specificity', better: 'higher', tasks: [BINARY], ofSlices: false },
  { name: 'balancedAccuracy', title: 'Balanced accuracy', better: 'higher', tasks: [BINARY], ofSlices: false },
  { name: 'macroF1', title: 'Macro F1', better: 'higher', tasks: [MULTICLASS], ofSlices: false },
  { name: 'rmse', title: 'RMSE', better: 'lower', tasks: [REGRESSION], ofSlices: true },
  { name: 'mae', title: 'MAE', better: 'lower', tasks: [REGRESSION], ofSlices: true },
  { name: 'r2', title: 'R²', better: 'higher', tasks: [REGRESSION], ofSlices: false },
  { name: 'bias', title: 'Bias', better: 'zero', tasks: [REGRESSION], ofSlices: true },
  { name: 'mape', title: 'MAPE', better: 'lower', tasks: [REGRESSION], ofSlices: false },
];

/** Undefined for a name that is none. */
export const describeMetric = (name: string): MetricDescription | undefined => metricCatalogue.find((m) => m.name === name);

const primary: Readonly<Record<Task, string>> = {
  [Task.UNSPECIFIED]: 'primary', [BINARY]: 'rocAuc', [MULTICLASS]: 'accuracy', [REGRESSION]: 'rmse',
};

/** What a gate asks for: `primary` stands for the measure of the task, for a pipeline file that does not know its task yet. */
export const resolveMetric = (name: string, task: Task): string => (name === 'primary' ? primary[task] : name);

export const metricsOfTask = (task: Task): readonly MetricDescription[] => metricCatalogue.filter((m) => m.tasks.includes(task));
