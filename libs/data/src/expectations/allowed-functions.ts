/**
 * The functions that an expression may use. Each looks at its arguments alone, gives the same for the same, and takes time
 * and memory in proportion to them: none builds long values out of short ones, none reads files, settings or the clock.
 */
export const allowedFunctions: ReadonlySet<string> = new Set([
  // operators
  '+', '-', '*', '/', '//', '%', '**', '^', '&', '|', '~', '<<', '>>', '||', '~~', '!~~', '~~*', '!~~*', '~~~',
  'like_escape', 'not_like_escape', 'ilike_escape', 'not_ilike_escape', '^@',
  // numbers
  'abs', 'ceil', 'ceiling', 'floor', 'round', 'trunc', 'sign', 'sqrt', 'cbrt', 'exp', 'ln', 'log', 'log10', 'log2', 'pow', 'power', 'mod', 'fmod', 'fdiv', 'divide',
  'greatest', 'least', 'isnan', 'isinf', 'isfinite', 'sin', 'cos', 'tan', 'asin', 'acos', 'atan', 'atan2', 'radians', 'degrees', 'pi', 'even', 'gcd', 'lcm',
  // text
  'length', 'len', 'strlen', 'char_length', 'lower', 'upper', 'lcase', 'ucase', 'trim', 'ltrim', 'rtrim', 'left', 'right', 'substring', 'substr', 'split_part',
  'starts_with', 'ends_with', 'prefix', 'suffix', 'contains', 'strpos', 'instr', 'position', 'concat', 'reverse', 'ascii', 'unicode',
  'regexp_matches', 'regexp_full_match', 'regexp_extract', 'md5', 'sha256', 'typeof', 'nullif',
  // times
  'date_part', 'datepart', 'date_trunc', 'datetrunc', 'date_diff', 'datediff', 'date_sub', 'datesub', 'epoch', 'epoch_ms', 'epoch_us', 'make_date', 'make_timestamp',
  'year', 'month', 'day', 'dayofmonth', 'hour', 'minute', 'second', 'millisecond', 'microsecond', 'quarter', 'week', 'weekofyear', 'yearweek', 'dayofweek', 'weekday',
  'isodow', 'isoyear', 'dayofyear', 'dayname', 'monthname', 'last_day', 'strptime', 'try_strptime', 'time_bucket',
  'to_years', 'to_months', 'to_weeks', 'to_days', 'to_hours', 'to_minutes', 'to_seconds', 'to_milliseconds', 'to_microseconds',
]);
