import type { Command } from './command.ts';
import type { Masked } from './masked.ts';

type Pty = typeof import('@lydell/node-pty');

/** The package that makes terminals, where it is installed and has a binary for this machine. */
export async function loadPty(): Promise<Pty | undefined> {
  return undefined;
}

export async function runOnTerminal(_pty: Pty, _command: Command, _masked: Masked): Promise<number> {
  return 0;
}
