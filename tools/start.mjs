/** `npm start`: everything from a clean clone to a running Refit with the flights example. */
import { join } from 'node:path';
import { become } from './become.mjs';
import { root } from './platform.mjs';
import { setUp } from './set-up.mjs';

setUp();
become(join(root, 'refit'), ['up', '--example', 'flights', ...process.argv.slice(2)]);
