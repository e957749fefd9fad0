import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import texts from 'virtual:shell-texts';
import type * as npm from './npm.ts';
import { StreamReader } from './stream-reader.ts';

// The standalone binary: everything is in one executable, which starts itself anew for its helper processes. Its runtime
// is Bun. See npm.ts for what each of these is.

export const KIND = 'binary';

/** The first argument by which the executable knows that it is to be a helper: src/binary.ts. */
export const helperCommand: typeof npm.helperCommand = (name) => [process.execPath, `__${name}`];

/** Within the executable, as Bun names it there. */
export const threadFile: typeof npm.threadFile = (name) => `./${name}.js`;

export const again: typeof npm.again = () => [process.execPath, ...process.argv.slice(2)];

/** `env` runs the executable: whoever starts twvault this way expects two words. */
export const launcher: typeof npm.launcher = () => ({ node: '/usr/bin/env', script: process.execPath });

const ANYTHING = /./s;

export const EXPOSING_VARIABLES: typeof npm.EXPOSING_VARIABLES = {
  BUN_OPTIONS: ANYTHING,
  BUN_INSPECT: ANYTHING,
  BUN_INSPECT_CONNECT_TO: ANYTHING,
  BUN_INSPECT_NOTIFY: ANYTHING,
  BUN_INSPECT_PRELOAD: ANYTHING,
  BUN_CONFIG_VERBOSE_FETCH: ANYTHING,
};

/** A static path, since that is what the bundler can follow. What keytar's own JavaScript adds is not needed here. */
export const loadKeytar: typeof npm.loadKeytar = async () => (await import('virtual:keytar')).default;

export const loadTerminals: typeof npm.loadTerminals = () => import('./bun-terminals.ts');

export const HAS_PIPE_SOCKETS: typeof npm.HAS_PIPE_SOCKETS = false;

export const pipeReader: typeof npm.pipeReader = (fd, buffer, take) => new StreamReader(fd, buffer, take);

export const shellText: typeof npm.shellText = (name) => texts[name] ?? '';

/** Shells cannot read what is inside an executable: the files are written into the vault's home when they are needed. */
export const shellFolder: typeof npm.shellFolder = (home) => {
  const folder = join(home, 'shell');
  for (const [name, text] of Object.entries(texts)) put(join(folder, name), text);
  return folder;
};

export const nodeProgram: typeof npm.nodeProgram = () => undefined;

function put(path: string, text: string): void {
  if (read(path) === text) return;
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const next = `${path}.${process.pid}`;
  writeFileSync(next, text, { mode: 0o600 });
  renameSync(next, path);
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
