// Holds a data directory until it is killed: lock-holder.js DIRECTORY exclusive|shared [SERVICE]. Sends its instance name.
import { lockDataDirectory, type DirectoryUse } from '../data-directory.js';
import { takeInstanceName } from '../instance-name.js';

const [directory = '', use, service] = process.argv.slice(2);
lockDataDirectory(directory, use as DirectoryUse); // the spec's
process.send?.(service === undefined ? '' : takeInstanceName(directory, service).name);
process.once('disconnect', () => process.exit());
