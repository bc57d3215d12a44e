import { DatePart } from '@refit/contracts';

/** Parts of a time in UTC: hour 0–23, dayOfWeek 0 (Sunday) – 6, dayOfMonth 1–31, month 1–12, year. */
export type DatePartName = 'hour' | 'dayOfWeek' | 'dayOfMonth' | 'month' | 'year';

const names = {
  [DatePart.HOUR]: 'hour',
  [DatePart.DAY_OF_WEEK]: 'dayOfWeek',
  [DatePart.DAY_OF_MONTH]: 'dayOfMonth',
  [DatePart.MONTH]: 'month',
  [DatePart.YEAR]: 'year',
} as const;

export const datePartName = (part: DatePart): DatePartName | undefined => (part === DatePart.UNSPECIFIED ? undefined : names[part]);

const readers: Record<DatePartName, (date: Date) => number> = {
  hour: (date) => date.getUTCHours(),
  dayOfWeek: (date) => date.getUTCDay(),
  dayOfMonth: (date) => date.getUTCDate(),
  month: (date) => date.getUTCMonth() + 1,
  year: (date) => date.getUTCFullYear(),
};

/** Reads one part of times in milliseconds since 1970; NaN for a missing time. */
export function datePartReader(part: DatePartName): (time: number) => number {
  const read = readers[part];
  const date = new Date(0); // one for all rows: a Date object per value would cost more than the rest
  return (time) => {
    date.setTime(time);
    return read(date);
  };
}
