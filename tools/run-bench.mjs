/** Runs one bench in this process and sends its result to the parent. */
import { pathToFileURL } from 'node:url';

const { default: bench } = await import(pathToFileURL(process.argv[2] ?? '').href);
const result = await bench();
process.send?.(result, () => process.exit(0));
