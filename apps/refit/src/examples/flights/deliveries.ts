/** One announcement of data, in the order in which the story sends them. */
export interface Delivery {
  /** Id of its CloudEvent; the same again is a duplicate. */
  readonly id: string;
  readonly batch: string;
  /** File name under the example's folder. */
  readonly file: string;
  /** What the narrator says before it, if anything. */
  readonly remark?: string;
}

export const weeks = 26;
/** This week is first delivered damaged: distances in kilometres, a third of the origins missing. */
export const damagedWeek = 9;
/** After this one the damaged week is delivered again. */
const correctedAfterWeek = 10;

export const batchName = (week: number) => `week-${String(week).padStart(2, '0')}`;
export const weekFile = (week: number) => `${batchName(week)}.parquet`;
export const damagedFile = `${batchName(damagedWeek)}-damaged.parquet`;

export const deliveries: readonly Delivery[] = Array.from({ length: weeks }, (_, i) => i + 1).flatMap((week): Delivery[] => {
  const plain: Delivery = { id: batchName(week), batch: batchName(week), file: weekFile(week) };
  if (week === damagedWeek) {
    return [{ ...plain, file: damagedFile, remark: `${batchName(week)} is damaged on purpose: distances in kilometres, a third of the origins missing` }];
  }
  if (week !== correctedAfterWeek) return [plain];
  const damaged = batchName(damagedWeek);
  return [plain, { id: `${damaged}-corrected`, batch: damaged, file: weekFile(damagedWeek), remark: `${damaged} is delivered again, corrected` }];
});
