// What differs between the two ways in which twvault is installed: the npm package, which Node runs (npm/), and the
// standalone binary, whose runtime is Bun (binary/). Both folders have the same files, with the same exports;
// `#installation/...` is a file of the one that is being built (package.json: imports).

/** Processes of twvault's own that are no command, and threads. */
export type Helper = 'agent' | 'keychain-helper';
export type Thread = 'scan-worker' | 'history-worker';

/** What is used of keytar. */
export type Keytar = Pick<typeof import('keytar'), 'getPassword' | 'setPassword' | 'deletePassword'>;

/** What starts programs on new terminals, as node-pty does. */
export interface Terminals {
  spawn(file: string, args: string[], options: TerminalOptions): TerminalProcess;
}

interface TerminalOptions {
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

/** A pipe that is being read. */
export interface PipeReader {
  pause(): void;
  resume(): void;
  destroy(): void;
  once(event: 'close', done: () => void): unknown;
  on(event: 'error', told: (error: Error) => void): unknown;
}
