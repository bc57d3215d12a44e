/** `npm run services`: everything from a clean clone to every service as a process of its own, on Kafka. */
import { join } from 'node:path';
import { become } from './become.mjs';
import { projectNode, root } from './platform.mjs';
import { setUp } from './set-up.mjs';

setUp();
// Strips types: what starts Kafka is TypeScript, shared with the tests. Node 24 needs no flag for it and takes it all the same.
become(projectNode(), ['--disable-warning=ExperimentalWarning', '--experimental-strip-types', join(root, 'tools', 'services', 'main.mjs'), ...process.argv.slice(2)]);
