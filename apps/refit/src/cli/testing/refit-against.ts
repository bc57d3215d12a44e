import { startTestServer, type TestHandlers } from '../../client/testing/test-server.js';
import { runProgram } from '../program.js';
import { testTerminal, type TestTerminal } from './test-terminal.js';

/** What `refit …` prints and ends with against a server with these methods. Arguments stand between single spaces. */
export async function refitAgainst(handlers: TestHandlers, args: string, terminal: TestTerminal = testTerminal()) {
  const server = await startTestServer(handlers);
  try {
    const code = await runProgram([...args.split(' '), '--server', server.address], terminal);
    return { code, output: terminal.output, errors: terminal.errors, json: () => JSON.parse(terminal.output.join('\n')) as unknown, server: server.address };
  } finally {
    server.stop();
  }
}
