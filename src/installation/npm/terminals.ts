import type { Terminals } from '../ports.ts';

/** The package that makes terminals, where it is installed and has a binary for this machine. Its types know text only. */
export const loadTerminals = (): Promise<Terminals | undefined> =>
  import('@lydell/node-pty').then((pty) => pty as unknown as Terminals).catch(() => undefined);
