import { closeSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { isatty } from 'node:tty';
import { loadTerminals } from '#installation/terminals';
import { systemCode } from '../failure.ts';
import { Masker } from '../mask/masker.ts';
import type { Replacements } from '../mask/replacements.ts';
import type { Command } from './command.ts';
import { Outlet } from './outlet.ts';
import { makePipes, type Pipe, readPipe } from './pipe.ts';
import { Relay } from './relay.ts';
import { isInForeground, spawnChild } from './spawn.ts';

/** How a masked child is run. */
export interface Masked {
  /** What to replace in its output. */
  readonly replacements: Replacements;
  readonly warn: (message: string) => void;
}

const OUTPUTS = [1, 2] as const;
const WRITE_FAILED = 1;

/**
 * Runs the command as a child and replaces secrets in what it writes. On a terminal it gets a terminal of its own,
 * elsewhere pipes.
 * @returns its exit status, as `spawnChild` does
 * @throws Failure exit 126 or 127 where it cannot be started
 */
export async function runMasked(command: Command, masked: Masked): Promise<number> {
  if ([0, 1, 2].every((fd) => isatty(fd)) && isInForeground()) {
    const { runOnTerminal } = await import('./pseudo-terminal.ts');
    const terminals = await loadTerminals();
    if (terminals) return runOnTerminal(terminals, command, masked);
    masked.warn(
      '@lydell/node-pty is not installed: while its output is masked, the command sees no terminal',
    );
  }
  return runThroughPipes(command, masked);
}

async function runThroughPipes(command: Command, { replacements, warn }: Masked): Promise<number> {
  const pipes = makePipes(OUTPUTS.length);
  const [stdout, stderr] = pipes?.map(({ writeEnd }) => writeEnd) ?? [];
  const outlets = OUTPUTS.map((fd) => new Outlet(fd));
  const relays: Relay[] = [];
  const status = await spawnChild(command, [stdout ?? 'pipe', stderr ?? 'pipe'], (child) => {
    for (const { writeEnd } of pipes ?? []) closeSync(writeEnd);
    const sources = pipes ?? ([child.stdout, child.stderr] as Readable[]);
    relays.push(
      ...sources.map((from, index) => relayOf(from, new Masker(replacements), outlets[index] as Outlet)),
    );
  });
  const settled = await Promise.all(relays.map((relay) => relay.settle()));
  if (settled.includes(false)) warn(LEFT_BEHIND);
  return outlets.some((outlet) => hasFailed(outlet, warn)) ? status || WRITE_FAILED : status;
}

const LEFT_BEHIND = 'the command left a process behind that still had its output open; it was closed';

/** Carries a pipe's, or a stream's, bytes to an outlet. */
function relayOf(from: Pipe | Readable, masker: Masker, outlet: Outlet): Relay {
  const source = 'readEnd' in from ? readPipe(from.readEnd, (chunk, room) => relay.take(chunk, room)) : from;
  const relay: Relay = new Relay(masker, outlet, source);
  if (!('readEnd' in from)) from.on('data', (chunk: Buffer) => relay.take(chunk));
  source.once('close', () => relay.finish());
  source.on('error', () => {}); // it closes as well
  source.resume();
  return relay;
}

/** A reader that went away is none of our business: the child was told as it would have been without us. */
function hasFailed({ error }: Outlet, warn: Masked['warn']): boolean {
  if (!error || systemCode(error) === 'EPIPE') return false;
  warn(`the command's output could not be written: ${systemCode(error)}`);
  return true;
}
