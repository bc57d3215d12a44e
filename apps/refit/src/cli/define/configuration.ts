import { InvalidArgumentError, Option, type Command } from 'commander';
import type { ConfigCheckOptions } from '../commands/config-check.js';
import type { ProfileOptions } from '../commands/profile.js';
import type { AddressOptions } from '../address/find-addresses.js';
import { jsonOption, remote, withAddresses } from '../options.js';
import type { Outcome } from '../outcome.js';
import type { Terminal } from '../terminal.js';

export const configOption = () => new Option('--config <file>', 'the configuration file (default: REFIT_CONFIG, or refit.config.yaml in this folder)');

/** What is set, and whom commands ask. */
export function defineConfigurationCommands(program: Command, terminal: Terminal, outcome: Outcome): void {
  program.commandsGroup('Configuration:');
  const config = program.command('config').description('how Refit is set up');
  config
    .command('check')
    .description('show every setting and where it comes from, and all that is wrong')
    .addOption(configOption())
    .addOption(new Option('--service <name>', 'as this service, a process of its own, has it').choices(['trigger', 'registry', 'ingestion', 'validation', 'training', 'evaluation']))
    .option('--connect', 'also try the data directory, the event store and Kafka')
    .addOption(jsonOption())
    .allowUnknownOption()
    .allowExcessArguments()
    .addHelpText('after', '\nEvery setting can be tried as a flag too, such as --kafka-brokers localhost:9092: docs/configuration.md lists them.')
    .action(outcome.of(async (options: ConfigCheckOptions, command: Command) => (await import('../commands/config-check.js')).checkConfiguration(terminal, options, command.args)));
  program
    .command('token')
    .argument('<name>', 'of the operator, as the log will record who asked', operatorName)
    .description('make a token for an operator')
    .addOption(jsonOption())
    .action(outcome.of(async (name: string, options: { readonly json?: boolean }) => (await import('../commands/token.js')).makeToken(terminal, name, options)));
  defineProfileCommands(program, terminal, outcome);
}

function defineProfileCommands(program: Command, terminal: Terminal, outcome: Outcome): void {
  const commands = () => import('../commands/profile.js');
  const profile = program.command('profile').description('addresses of several installations, by name');
  profile
    .command('list', { isDefault: true })
    .description('list them')
    .addOption(jsonOption())
    .action(outcome.of(async (options: ProfileOptions) => (await commands()).listProfiles(terminal, options)));
  remote(profile.command('show'))
    .argument('[name]', 'without it: whom commands ask now, and why')
    .description('show the addresses of one')
    .action(outcome.of(async (name: string | undefined, options: ProfileOptions & AddressOptions) => (await commands()).showProfile(terminal, name, options)));
  withAddresses(profile.command('set'))
    .argument('<name>', '', profileName)
    .description('make one, or change it')
    .addOption(jsonOption())
    .action(outcome.of(async (name: string, options: ProfileOptions & AddressOptions) => (await commands()).setProfile(terminal, name, options)));
  profile
    .command('remove')
    .argument('<name>')
    .description('remove one')
    .addOption(jsonOption())
    .action(outcome.of(async (name: string, options: ProfileOptions) => (await commands()).removeProfile(terminal, name, options)));
  profile
    .command('use')
    .argument('[name]', 'without it: none')
    .description('take this one whenever nothing else is said')
    .addOption(jsonOption())
    .action(outcome.of(async (name: string | undefined, options: ProfileOptions) => (await commands()).useProfile(terminal, name, options)));
}

function operatorName(text: string): string {
  if (/^[A-Za-z0-9][A-Za-z0-9._@-]{0,63}$/.test(text)) return text;
  throw new InvalidArgumentError('Expected letters, digits, ".", "_", "@" and "-", at most 64.');
}

function profileName(text: string): string {
  if (/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(text)) return text;
  throw new InvalidArgumentError('Expected letters, digits, ".", "_" and "-", at most 64.');
}
