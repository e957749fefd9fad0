import { readFileSync } from 'node:fs';
import { Socket } from 'node:net';
import { join, resolve } from 'node:path';

// The npm package: Node runs the files of dist/, and what is a process or a thread of its own is a file beside this one.
// binary.ts is the same for the standalone binary; `#installation` is one of the two (package.json: imports).

/** Processes of twvault's own that are no command, and threads. */
export type Helper = 'agent' | 'keychain-helper';
export type Thread = 'scan-worker' | 'history-worker';

export const KIND: 'npm' | 'binary' = 'npm';

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

/** What is used of keytar. */
export type Keytar = Pick<typeof import('keytar'), 'getPassword' | 'setPassword' | 'deletePassword'>;

/** The native module for the keychain. @throws where it is not installed, or does not load */
export const loadKeytar = async (): Promise<Keytar> => (await import('keytar')).default;

/** What starts programs on new terminals, as node-pty does. */
export interface Terminals {
  spawn(file: string, args: string[], options: TerminalOptions): TerminalProcess;
}

export interface TerminalOptions {
  readonly cols: number;
  readonly rows: number;
  readonly env: Record<string, string>;
  readonly cwd: string;
  /** For TERM, else as it is in `env`. */
  readonly name?: string;
  /** Bytes as they are. */
  readonly encoding: null;
}

/** The first process on a terminal. Output that comes while it is paused waits in the terminal, where the runtime can do that. */
export interface TerminalProcess {
  readonly pid: number;
  onData(take: (bytes: Buffer) => void): unknown;
  onExit(ended: (how: { readonly exitCode: number; readonly signal?: number }) => void): unknown;
  write(keys: Buffer): void;
  resize(cols: number, rows: number): void;
  pause(): void;
  resume(): void;
  kill(): void;
}

/** The package that makes terminals, where it is installed and has a binary for this machine. Its types know text only. */
export const loadTerminals = (): Promise<Terminals | undefined> =>
  import('@lydell/node-pty').then((pty) => pty as unknown as Terminals).catch(() => undefined);

/** A pipe that is being read. */
export interface PipeReader {
  pause(): void;
  resume(): void;
  destroy(): void;
  once(event: 'close', done: () => void): unknown;
  on(event: 'error', told: (error: Error) => void): unknown;
}

/** Whether a named pipe can be a socket of the runtime's. */
export const HAS_PIPE_SOCKETS: boolean = true;

/**
 * Reads a pipe.
 * @param buffer what the next bytes are read into
 * @param take gets them, and says whether more may come at once
 */
export function pipeReader(fd: number, buffer: () => Buffer, take: (chunk: Buffer) => boolean): PipeReader {
  const callback = (size: number, bytes: Uint8Array) =>
    take(Buffer.from(bytes.buffer, bytes.byteOffset, size));
  return new Socket({ fd, writable: false, onread: { buffer, callback } } as object);
}

/** A text of shell/, by its path there. */
export const shellText = (name: string): string =>
  readFileSync(join(import.meta.dirname, '../shell', name), 'utf8');

/** The folder that holds the texts of shell/ as files, for shells to read. */
export const shellFolder = (_home: string): string => join(import.meta.dirname, '../shell');

/** The Node that runs this program, which can parse JavaScript as well; none for the binary. */
export const nodeProgram = (): string | undefined => process.execPath;

const beside = (name: string): string => join(import.meta.dirname, `${name}.cjs`);
