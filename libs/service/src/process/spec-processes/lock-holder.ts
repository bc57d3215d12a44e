// Holds a data directory until it is killed: lock-holder.js DIRECTORY exclusive|shared [SERVICE]. Sends its instance's name and id.
import { lockDataDirectory, type DirectoryUse } from '../data-directory.js';
import { takeInstanceName } from '../instance-name.js';

const [directory = '', use, service] = process.argv.slice(2);
lockDataDirectory(directory, use as DirectoryUse); // the spec's
const { name, id } = service === undefined ? { name: '', id: '' } : takeInstanceName(directory, service);
process.send?.({ name, id });
process.once('disconnect', () => process.exit());
