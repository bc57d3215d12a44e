import { settings, type Setting } from './setting.js';

/** docs/configuration.md: every setting as config.schema.json has it. */
export function configurationPage(): string {
  const groups = Map.groupBy(settings(), groupOf);
  return [introduction, ...Array.from(groups, ([title, members]) => `## ${title}\n\n${table(members)}`), clientAddresses].join('\n\n') + '\n';
}

const titles: Readonly<Record<string, string>> = { leases: 'Leases', store: 'The event store', bus: 'The bus', kafka: 'Kafka', services: 'Ports of services that are processes of their own' };

const groupOf = ({ path }: Setting): string => (path.includes('.') ? (titles[path.split('.', 1)[0] ?? ''] ?? path) : 'The process');

function table(members: readonly Setting[]): string {
  return ['| setting | default | |', '|---|---|---|', ...members.map(row)].join('\n');
}

function row(setting: Setting): string {
  const { path, variables, flags, description, expects, choices, examples, defaultValue } = setting;
  const names = [`**\`${path}\`**`, ...variables.map(code), ...flags.map(code)].join('<br>');
  const wanted = choices === undefined ? `${expects.slice(0, 1).toUpperCase()}${expects.slice(1)}${exampleOf(examples)}.` : `One of ${choices.map(code).join(', ')}.`;
  return `| ${names} | ${defaultValue === undefined || text(defaultValue) === '' ? '' : code(text(defaultValue))} | ${cell(description)}<br>${cell(wanted)} |`;
}

const exampleOf = (examples: readonly unknown[]) => (examples.length === 0 ? '' : `, such as ${examples.map((value) => code(text(value))).join(', ')}`);

const code = (words: string) => `\`${words}\``;
const cell = (words: string) => words.replaceAll('|', '\\|');
const text = (value: unknown): string => (Array.isArray(value) ? value.join(', ') : String(value as string | number | boolean)); // what settings are

const introduction = `<!-- Generated from libs/contracts/config.schema.json: npm run generate. -->
# Configuration

Everything has a default: \`refit up\` needs no configuration. What is to be different is said in a file, in the environment
or on the command line. A flag is stronger than a variable, a variable than the file, the file than the default.

\`\`\`yaml
# refit.config.yaml
dataDirectory: /var/lib/refit
allowedRoots: [/srv/exports]
bus:
  kind: kafka
kafka:
  brokers: [kafka-1:9092, kafka-2:9092]
  sasl:
    mechanism: scram-sha-512
    username: refit
    passwordFile: /run/secrets/kafka-password
\`\`\`

\`\`\`
REFIT_KAFKA_BROKERS=localhost:9092 ./refit up --log-level debug
./refit config check              # every setting, its value and where it comes from; all that is wrong, and how to mend it
./refit config check --connect    # and whether the data directory, the store and Kafka are there
\`\`\`

- **The file** is the one that \`--config\` or \`REFIT_CONFIG\` names, or \`refit.config.yaml\` in the working directory. Its
  [JSON Schema](../libs/contracts/config.schema.json) gives completion in an editor. Mistakes are named with line, column
  and what was probably meant.
- **Variables and flags** are named after the setting: \`kafka.brokers\` is \`REFIT_KAFKA_BROKERS\` and \`--kafka-brokers\`. An
  empty variable counts as not set; a REFIT_ variable that nothing reads is warned of.
- **Lists** are separated by commas in a variable (folders by \`:\`, as in PATH), or stand there as JSON. A flag may stand several times.
- **Paths** in the file start at its folder, those of variables and flags at the working directory.
- **Durations** are a number and a unit: \`500ms\`, \`10s\`, \`1.5h\`. Here, in pipeline files and on the command line (\`--since 30m\`) the
  units are \`ms\`, \`s\`, \`m\` (minutes), \`h\`, \`d\` (24 hours), \`w\`; months and years are none, since they differ.
- **Secrets** are never printed or logged. Each can be kept in a file of its own, which \`…File\` names: \`REFIT_KAFKA_SASL_PASSWORD_FILE\`.`;

const clientAddresses = `## Whom the command line asks

Commands ask \`refit up\` of this machine (127.0.0.1:7410) unless something else is said:

| | flag | variable |
|---|---|---|
| all services at one address | \`--server HOST:PORT\` | \`REFIT_SERVER\` |
| the admin service (trigger) | \`--admin HOST:PORT\` | \`REFIT_ADMIN\` |
| the registry | \`--registry HOST:PORT\` | \`REFIT_REGISTRY\` |
| the data gate | \`--validation HOST:PORT\` | \`REFIT_VALIDATION\` |
| a profile | \`--profile NAME\` | \`REFIT_PROFILE\` |

A flag is stronger than a variable, and that than the profile in use; in each, an address is stronger than a profile, and the
address of one service than that of all. Profiles are kept in \`refit/profiles.yaml\` of the user's configuration folder
(\`XDG_CONFIG_HOME\`, or \`~/.config\`):

\`\`\`
./refit profile set staging --admin staging:7410 --registry staging:7411 --validation staging:7413
./refit profile use staging       # from now on
./refit profile show              # whom commands ask, and why
\`\`\``;
