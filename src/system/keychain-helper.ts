// A process of its own for one keychain call, so that a call which blocks or crashes takes nothing else with it.
// The request comes on standard input and the answer goes to standard output: neither is visible in a process list.
import { readFileSync, writeSync } from 'node:fs';
import { type KeychainCall, perform } from './keychain-call.ts';

perform(JSON.parse(readFileSync(0, 'utf8')) as KeychainCall).then((answer) => {
  writeSync(1, JSON.stringify(answer));
});
