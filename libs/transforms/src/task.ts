import { Task } from '@refit/contracts';

/** What kind of answer a model gives, by the name that artifacts use. */
export type TaskName = 'binary' | 'multiclass' | 'regression';

export const taskOfName = { binary: Task.BINARY, multiclass: Task.MULTICLASS, regression: Task.REGRESSION } as const satisfies Record<TaskName, Task>;

/** Undefined when the pipeline leaves the decision to the label's values. */
export function taskName(task: Task): TaskName | undefined {
  switch (task) {
    case Task.BINARY:
      return 'binary';
    case Task.MULTICLASS:
      return 'multiclass';
    case Task.REGRESSION:
      return 'regression';
    case Task.UNSPECIFIED:
      return undefined;
  }
}
