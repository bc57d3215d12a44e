import { InvalidArgumentError, Option, type Command } from 'commander';
import { isAddress } from './address/address-text.js';
import type { AddressOptions } from './address/find-addresses.js';
import type { TokenOptions } from './find-token.js';

/** Options of every command that speaks to a server. */
export interface ServerOptions extends AddressOptions, TokenOptions {
  readonly json?: boolean;
}

/** Adds whom to ask, and `--json`. */
export const remote = (command: Command): Command =>
  withAddresses(command.addOption(jsonOption()))
    .addOption(new Option('--profile <name>', 'addresses that have this name (refit profile)').helpGroup(whom))
    .addOption(new Option('--token-file <file>', 'holds the operator\'s token (default: REFIT_TOKEN_FILE, or REFIT_TOKEN itself)').helpGroup(whom));

const whom = 'Whom to ask (default: the profile in use, or 127.0.0.1:7410):';

/** Adds `--server`, `--admin`, `--registry` and `--validation`. */
export const withAddresses = (command: Command): Command =>
  command
    .addOption(new Option('--server <host:port>', 'the Refit server').argParser(address).helpGroup(whom))
    .addOption(new Option('--admin <host:port>', 'the admin service, where each service is its own process').argParser(address).helpGroup(whom))
    .addOption(new Option('--registry <host:port>', 'the registry, where each service is its own process').argParser(address).helpGroup(whom))
    .addOption(new Option('--validation <host:port>', 'the data gate, where each service is its own process').argParser(address).helpGroup(whom));

function address(text: string): string {
  if (isAddress(text)) return text;
  throw new InvalidArgumentError('Expected HOST:PORT, such as 127.0.0.1:7410.');
}

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
