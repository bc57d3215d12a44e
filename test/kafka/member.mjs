/** A process that is a member of a group, for tests: says on standard output what it gets, a line each. */
import pino from 'pino';
import { openKafka } from '@refit/bus/kafka';

const [config, group, type] = process.argv.slice(2);
const kafka = await openKafka({ config: JSON.parse(config), clientId: `member-${process.pid}`, logger: pino({ level: process.env.MEMBER_LOG ?? 'silent' }, pino.destination(2)) });
await kafka.bus.subscribe(group, [type], async ({ stream, revision }) => void process.stdout.write(`${stream} ${revision}\n`));
process.stdout.write('ready\n');
process.on('SIGTERM', () => void kafka.close().then(() => process.exit(0)));
