import { setTimeout as pause } from 'node:timers/promises';
import { type IPty, spawn } from '@lydell/node-pty';
import { onTestFinished } from 'vitest';
import { RUNNER, TWVAULT, type User } from '../support/cli.ts';

/** Keys, as a terminal sends them. */
export const KEY = { enter: '\r', down: '\x1b[B', interrupt: '\x03', suspend: '\x1a' } as const;

const PATIENCE_MS = 15_000;

/** A program on a terminal of its own, and the person before it. */
export class Terminal {
  /** All that the terminal was sent. */
  output = '';
  readonly #pty: IPty;
  readonly #exit: Promise<number>;
  #seen = 0;

  constructor(
    user: Pick<User, 'env' | 'root'>,
    file: string,
    args: readonly string[],
    cwd: string = user.root,
  ) {
    this.#pty = spawn(file, [...args], { cols: 100, rows: 40, env: user.env, cwd });
    this.#exit = new Promise((resolve) => {
      this.#pty.onExit(({ exitCode, signal }) => resolve(signal ? 128 + signal : exitCode));
    });
    this.#pty.onData((data) => {
      this.output += data;
    });
    onTestFinished(() => {
      this.#pty.kill('SIGKILL');
    });
  }

  /** The built command. */
  static twvault(user: User, ...args: string[]): Terminal {
    return new Terminal(user, RUNNER, [TWVAULT, ...args]);
  }

  /** The built command, in a folder. */
  static twvaultIn(cwd: string, user: User, ...args: string[]): Terminal {
    return new Terminal(user, RUNNER, [TWVAULT, ...args], cwd);
  }

  /** An interactive shell with job control, in which `twvault` is the built command. */
  static async shell(user: User): Promise<Terminal> {
    const shell = new Terminal(user, 'bash', ['--norc', '--noprofile', '-i']);
    shell.type(`PS1='$ '; twvault() { '${RUNNER}' '${TWVAULT}' "$@"; }; echo READ''Y${KEY.enter}`);
    await shell.until('READY');
    return shell;
  }

  get pid(): number {
    return this.#pty.pid;
  }

  /** Waits for a text that comes after what was waited for before. Gives all that came in between. */
  async until(text: string): Promise<string> {
    const deadline = Date.now() + PATIENCE_MS;
    for (;;) {
      const at = this.output.indexOf(text, this.#seen);
      if (at >= 0) {
        const passed = this.output.slice(this.#seen, at);
        this.#seen = at + text.length;
        return passed;
      }
      if (Date.now() > deadline) throw new Error(`'${text}' did not come in\n${this.output}`);
      await pause(5);
    }
  }

  type(keys: string): void {
    this.#pty.write(keys);
  }

  resize(columns: number, rows: number): void {
    this.#pty.resize(columns, rows);
  }

  /** Waits for a question, and answers it. */
  async answer(question: string, keys: string): Promise<void> {
    await this.until(question);
    // The question is drawn before its keys are listened to, in the same turn of the event loop.
    await pause(30);
    this.type(keys);
  }

  /** Waits for the end of the program: its exit code, or 128 + n where signal n ended it. */
  async ended(): Promise<number> {
    const late = new Promise<never>((_, reject) => {
      setTimeout(() => reject(new Error(`it does not end\n${this.output}`)), PATIENCE_MS).unref();
    });
    return Promise.race([this.#exit, late]);
  }
}
