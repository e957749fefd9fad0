import { join, resolve } from 'node:path';
import type { Helper, Thread } from '../ports.ts';

// Node runs the files of dist/: each process or thread of twvault's own is a file beside this one.

/** The file that a helper process is started from, and its arguments. */
export const helperCommand = (name: Helper): readonly [string, ...string[]] => [
  process.execPath,
  beside(name),
];

/** What a thread is started from. */
export const threadFile = (name: Thread): string => beside(name);

/** This same command line once more: what to start, and with which arguments. */
export const again = (): readonly [string, ...string[]] => [
  process.execPath,
  ...process.execArgv,
  ...process.argv.slice(1),
];

/** What starts twvault from anywhere: a program and the file that it runs, absolute. */
export const launcher = (): { readonly node: string; readonly script: string } => ({
  node: process.execPath,
  script: resolve(process.argv[1] ?? ''),
});

/** Options of Node that let others look into a process, or write down what it holds. */
const EXPOSING = /--(inspect|heapsnapshot|heap-prof|cpu-prof|prof|report|tls-keylog|trace-event)/;
const ANYTHING = /./s;

/**
 * Variables that make the runtime expose this process, and what they hold then. A `--require` by itself is none: people
 * use it for their proxies and certificates, and whoever can set it can run twvault as well.
 */
export const EXPOSING_VARIABLES: Readonly<Record<string, RegExp>> = {
  NODE_OPTIONS: EXPOSING,
  NODE_DEBUG: ANYTHING,
  NODE_DEBUG_NATIVE: ANYTHING,
};

/** The Node that runs this program, which can parse JavaScript as well; none for the binary. */
export const nodeProgram = (): string | undefined => process.execPath;

const beside = (name: string): string => join(import.meta.dirname, `${name}.cjs`);
