// A whole embedded Refit as a process of its own: system-process.ts DATA_DIRECTORY [CRASH_POINT as JSON]
import 'reflect-metadata';
import { configFrom, startSystem } from '@refit/refit';
import { crashingStore, type CrashPoint } from './crashing-store.ts';

const [dataDir, crashPoint] = process.argv.slice(2);
if (!dataDir) throw new Error('usage: system-process.ts DATA_DIRECTORY [CRASH_POINT]');
const config = { ...configFrom({ dataDir, port: 0, grpcPort: 0, allowRoot: [dataDir] }), scanIntervalMs: 500 };
const crash = crashPoint ? (JSON.parse(crashPoint) as CrashPoint) : undefined;
const system = await startSystem(config, crash ? { store: (store) => crashingStore(store, crash) } : {});
process.stdout.write(`${JSON.stringify({ http: system.httpPort, grpc: system.grpcPort })}\n`);
process.once('SIGTERM', () => void system.stop().then(() => process.exit(0)));
