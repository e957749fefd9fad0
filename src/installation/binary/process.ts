import type * as npm from '../npm/process.ts';

// Everything is in one executable, which starts itself anew for its helper processes.

/** The first argument by which the executable knows that it is to be a helper: src/binary.ts. */
export const helperCommand: typeof npm.helperCommand = (name) => [process.execPath, `__${name}`];

/** Within the executable, as Bun names it there. */
export const threadFile: typeof npm.threadFile = (name) => `./${name}.js`;

export const again: typeof npm.again = () => [process.execPath, ...process.argv.slice(2)];

/** `env` runs the executable: whoever starts twvault this way expects two words. */
export const launcher: typeof npm.launcher = () => ({ node: '/usr/bin/env', script: process.execPath });

/** Options of Bun that let others look into a process, or write down what it holds. A `--preload` by itself is none, as for Node. */
const EXPOSING = /--(inspect|cpu-prof|heap-prof)/;
const ANYTHING = /./s;

export const EXPOSING_VARIABLES: typeof npm.EXPOSING_VARIABLES = {
  BUN_OPTIONS: EXPOSING,
  BUN_INSPECT: ANYTHING,
  BUN_INSPECT_CONNECT_TO: ANYTHING,
  BUN_INSPECT_NOTIFY: ANYTHING,
  BUN_INSPECT_PRELOAD: ANYTHING,
  BUN_CONFIG_VERBOSE_FETCH: ANYTHING,
};

export const nodeProgram: typeof npm.nodeProgram = () => undefined;
