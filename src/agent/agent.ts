// The agent: a process of its own that holds one vault's identity until it is time to lock. What it is to hold comes on
// descriptor 3, and the same way it says when it is ready; nothing is in its arguments, and its environment is empty.
import { closeSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { url as inspectorUrl } from 'node:inspector';
import { X25519Identity } from '../age/x25519.ts';
import { leave } from '../system/leave.ts';
import { Limits } from './limits.ts';
import { serve } from './service.ts';
import { READY, type Start } from './start-message.ts';
import { newToken, writeTokenFile } from './token-file.ts';
import { stillNames, untouched } from './watch.ts';

const START_FD = 3;
const ENDING = ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT'] as const;
const LOOK_EVERY_MS = 1000;

function run(): void {
  process.on('SIGUSR1', () => {}); // would open Node's inspector
  process.umask(0o077);
  process.chdir('/');
  process.on('uncaughtException', giveUp);
  if (inspectorUrl() !== undefined) throw new Error('an inspector is open');
  open(readStart());
}

function readStart(): Start {
  const bytes = readFileSync(START_FD);
  const start = JSON.parse(bytes.toString('utf8')) as Start;
  bytes.fill(0);
  return start;
}

function open({ place, of, config, identities: texts, times }: Start): void {
  const identities = texts.map((text) => X25519Identity.parse(text));
  const limits = new Limits(times.ttl, times.max);
  const secret = newToken();
  const token = Buffer.from(secret, 'base64');
  let isInPlace = (): boolean => false;
  const isOver = () => limits.isOver() || !isInPlace() || !stillNames(config, of);
  const lock = (): void => {
    for (const identity of identities) identity.wipe();
    token.fill(0);
    if (isInPlace()) for (const path of [place.socket, place.token]) rmSync(path, { force: true });
    leave(0);
  };
  for (const signal of ENDING) process.on(signal, lock);
  process.off('uncaughtException', giveUp).on('uncaughtException', lock);
  const server = serve({ identities, token, limits, isOver, lock });
  server.on('error', giveUp);
  server.listen(place.socket, () => {
    try {
      writeTokenFile(place.token, { ...of, token: secret, pid: process.pid });
    } catch (error) {
      giveUp(error);
    }
    isInPlace = untouched(place);
    setInterval(() => isOver() && lock(), LOOK_EVERY_MS);
    say(READY);
  });
}

function say(text: string): void {
  writeSync(START_FD, text);
  closeSync(START_FD);
}

function giveUp(error: unknown): never {
  say((error as Error).message);
  return leave(1);
}

run();
