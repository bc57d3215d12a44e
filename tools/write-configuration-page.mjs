/** Writes docs/configuration.md from the JSON Schema of configuration files; a spec compares it. Needs a build. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { configurationPage } from '@refit/service/config';
import { root } from './platform.mjs';

writeFileSync(join(root, 'docs', 'configuration.md'), configurationPage());
