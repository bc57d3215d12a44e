import { runProgram } from './program.js';
import { processTerminal } from './terminal.js';

process.exitCode = await runProgram(process.argv.slice(2), processTerminal());
// Whatever a start that failed half-way has left open does not keep the process.
setTimeout(() => process.exit(), 3000).unref();
