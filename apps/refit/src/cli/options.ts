import { InvalidArgumentError, Option, type Command } from 'commander';

export const defaultServer = '127.0.0.1:7410';

/** Options of every command that speaks to a server. */
export interface ServerOptions {
  readonly server: string;
  readonly json?: boolean;
}

/** Adds `--server` and `--json`. */
export const remote = (command: Command): Command => command.addOption(serverOption()).addOption(jsonOption());

const serverOption = () =>
  new Option('--server <host:port>', 'the Refit server').env('REFIT_SERVER').default(defaultServer).argParser((text) => {
    if (/^(\[[0-9a-f:.]+\]|[^\s:/]+):\d{1,5}$/i.test(text)) return text;
    throw new InvalidArgumentError('Expected HOST:PORT, such as 127.0.0.1:7410.');
  });

export const jsonOption = () => new Option('--json', 'print JSON, for programs');

/** A whole number in a range. */
export const wholeNumber = (minimum: number, maximum: number) => (text: string): number => {
  const number = /^\d+$/.test(text) ? Number(text) : NaN;
  if (number >= minimum && number <= maximum) return number;
  throw new InvalidArgumentError(`Expected a whole number from ${minimum} to ${maximum}.`);
};

export const limitOption = (standard: number) => new Option('--limit <n>', 'how many at most').default(standard).argParser(wholeNumber(1, 10_000));

/** `--type a --type b` → ['a', 'b']. */
export const collect = (value: string, before: readonly string[] = []): readonly string[] => [...before, value];
