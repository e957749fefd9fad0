import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { generatedKeys, type Keys, tutorialLines } from './credentials.ts';

/** The standalone binary that is tested in place of the npm package. */
export const BINARY = process.env.TWVAULT_BINARY || undefined;

/** The built command, as a user runs it: what starts it, and what that starts. */
export const RUNNER = BINARY === undefined ? process.execPath : '/usr/bin/env';
export const TWVAULT = BINARY ?? join(import.meta.dirname, '../../bin/twvault.js');

export interface Result {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

type Variables = Record<string, string | undefined>;

interface RunOptions {
  readonly input?: string | Uint8Array;
  readonly env?: Variables;
  readonly cwd?: string;
  /** Another way to the program than the usual one. */
  readonly script?: string;
}

/** A folder that goes with the test. */
export function temporaryFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'twvault-test-')));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A user on a machine of their own: an empty home, a bare environment, no keychain, no terminal. */
export class User {
  readonly root: string;
  readonly home: string;
  readonly identityFile: string;
  env: Variables;

  constructor(root = temporaryFolder()) {
    this.root = root;
    this.home = join(root, 'vault');
    this.identityFile = join(root, 'identity.txt');
    mkdirSync(join(root, 'work'));
    this.env = { PATH: process.env.PATH, HOME: root, TWVAULT_HOME: this.home, LANG: 'C.UTF-8' };
  }

  /** Runs the command to its end. */
  run(args: readonly string[], options: RunOptions = {}): Result {
    const { status, signal, stdout, stderr } = spawnSync(RUNNER, [options.script ?? TWVAULT, ...args], {
      input: options.input ?? '',
      env: { ...this.env, ...options.env } as NodeJS.ProcessEnv,
      cwd: options.cwd ?? join(this.root, 'work'),
      encoding: 'utf8',
      timeout: 60_000,
    });
    return { status, signal, stdout, stderr };
  }

  /** Runs the command beside others. */
  start(args: readonly string[], options: RunOptions = {}): Promise<Result> {
    const child = spawn(RUNNER, [TWVAULT, ...args], {
      env: { ...this.env, ...options.env } as NodeJS.ProcessEnv,
      cwd: options.cwd ?? join(this.root, 'work'),
    });
    child.stdin.on('error', () => {});
    child.stdin.end(options.input ?? '');
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (bytes) => {
      stdout += bytes;
    });
    child.stderr.on('data', (bytes) => {
      stderr += bytes;
    });
    return new Promise((resolve) => {
      child.on('close', (status, signal) => resolve({ status, signal, stdout, stderr }));
    });
  }

  /** Runs a command that has to succeed. */
  must(args: readonly string[], options: RunOptions = {}): Result {
    const result = this.run(args, options);
    if (result.status !== 0) throw new Error(`twvault ${args.join(' ')}: ${result.status}\n${result.stderr}`);
    return result;
  }

  /** A vault in encrypted files, whose identity is in a file that the environment names. */
  withFileVault(): this {
    this.must(['init', '--store', 'file', '--identity-out', this.identityFile]);
    this.env = { ...this.env, TWVAULT_IDENTITY_FILE: this.identityFile };
    return this;
  }

  /** Stores generated keys under a name. */
  add(name: string, keys: Keys = generatedKeys(), ...options: string[]): Keys {
    this.must(['add', name, '--stdin', ...options], { input: tutorialLines(keys) });
    return keys;
  }
}
