import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { writeSync } from 'node:fs';
import { join } from 'node:path';
import { EXIT, Failure } from '../failure.ts';
import { type KeychainAnswer, type KeychainCall, NOT_INSTALLED, perform } from './keychain-call.ts';
import { execve, markStuck } from './leave.ts';
import type { Variables } from './paths.ts';

/** Why the keychain did not do what it was asked. */
export type KeychainReason = 'absent' | 'locked' | 'uninitialised' | 'silent' | 'broken';

/** A keychain that cannot be used now: exit 3, with a message of its own for each reason. */
export class KeychainFailure extends Failure {
  readonly reason: KeychainReason;

  constructor(reason: KeychainReason, message: string, hints: readonly string[]) {
    super(EXIT.locked, message, hints);
    this.reason = reason;
  }
}

const LIMIT_MS = 2500;
/** Where a dialog may come up, a person needs time to answer it. */
const DIALOG_LIMIT_MS = 30_000;
const NOTICE_MS = 1000;

const USE_FILE = 'or keep profiles in an encrypted file instead: twvault init --store file';

/** The operating system's keychain under one service name. Every call ends within a time limit. */
export class Keychain {
  readonly #service: string;
  readonly #env: Variables;

  constructor(service: string, env: Variables) {
    this.#service = service;
    this.#env = env;
  }

  /**
   * The value kept for an account, or null. Null is not "never stored": a locked keychain without a dialog answers
   * null too.
   * @throws KeychainFailure
   */
  async get(account: string): Promise<string | null> {
    return this.#call({ op: 'get', service: this.#service, account });
  }

  /** @throws KeychainFailure */
  async set(account: string, value: string): Promise<void> {
    await this.#call({ op: 'set', service: this.#service, account, value });
  }

  /**
   * True where an item was removed.
   * @throws KeychainFailure
   */
  async remove(account: string): Promise<boolean> {
    return (await this.#call({ op: 'delete', service: this.#service, account })) !== null;
  }

  /**
   * Proves with a real write, read and delete that the keychain works, or says why it does not. Runs in a process of
   * its own, since a keychain that was never used before is the likeliest to block or crash.
   */
  async probe(): Promise<KeychainFailure | null> {
    const value = randomBytes(16).toString('hex');
    const account = `probe:${value.slice(0, 8)}`;
    try {
      const read = unwrap(
        callInHelper({ op: 'probe', service: this.#service, account, value }, this.#limit()),
      );
      return read === value ? null : failureFor('the probe item could not be read back');
    } catch (error) {
      if (error instanceof KeychainFailure) return error;
      throw error;
    }
  }

  async #call(call: KeychainCall): Promise<string | null> {
    // Where a blocked call could not be left with the right exit code, a helper process takes the risk.
    const needsHelper = !execve && mayShowDialog(this.#env);
    const answer = needsHelper ? callInHelper(call, this.#limit()) : await callHere(call, this.#limit());
    return unwrap(answer);
  }

  #limit(): number {
    const seconds = Number(this.#env.TWVAULT_KEYCHAIN_TIMEOUT);
    if (seconds > 0) return seconds * 1000;
    return mayShowDialog(this.#env) ? DIALOG_LIMIT_MS : LIMIT_MS;
  }
}

function mayShowDialog(env: Variables): boolean {
  return process.platform === 'darwin' || Boolean(env.DISPLAY || env.WAYLAND_DISPLAY);
}

async function callHere(call: KeychainCall, limit: number): Promise<KeychainAnswer> {
  const notice = setTimeout(sayWaiting, NOTICE_MS);
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      markStuck();
      reject(silent(limit));
    }, limit);
  });
  try {
    return await Promise.race([perform(call), silence]);
  } finally {
    clearTimeout(notice);
    clearTimeout(timer);
  }
}

function callInHelper(call: KeychainCall, limit: number): KeychainAnswer {
  const helper = join(import.meta.dirname, 'keychain-helper.cjs');
  const { stdout, error, signal } = spawnSync(process.execPath, [helper], {
    input: JSON.stringify(call),
    timeout: limit,
    killSignal: 'SIGKILL',
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  if ((error as { code?: string } | undefined)?.code === 'ETIMEDOUT') throw silent(limit);
  if (signal) throw failureFor(`the keychain library crashed (${signal})`);
  try {
    return JSON.parse(stdout.toString()) as KeychainAnswer;
  } catch {
    throw failureFor('the keychain helper gave no answer');
  }
}

function unwrap(answer: KeychainAnswer): string | null {
  if ('error' in answer) throw failureFor(answer.error);
  return answer.value;
}

function sayWaiting(): void {
  writeSync(2, 'twvault: waiting for the keychain (it may be showing a dialog)\n');
}

function silent(limit: number): KeychainFailure {
  return new KeychainFailure('silent', `the keychain did not answer within ${limit / 1000} s`, [
    'it may be waiting for its unlock dialog: unlock it and try again',
    'TWVAULT_KEYCHAIN_TIMEOUT=SECONDS allows more time',
  ]);
}

const KNOWN: readonly (readonly [RegExp, KeychainReason, string, readonly string[]])[] = [
  [
    new RegExp(NOT_INSTALLED),
    'absent',
    'no keychain: the optional package keytar is not installed',
    ['npm install without --omit=optional', USE_FILE],
  ],
  [
    /native addon|libsecret|cannot open shared object|\.node/i,
    'absent',
    'no keychain: its native library did not load',
    ['on Debian and Ubuntu: apt-get install libsecret-1-0', USE_FILE],
  ],
  [
    /autolaunch D-Bus|could not connect|no such file or directory|connection refused|the connection is closed/i,
    'absent',
    'no keychain: there is no D-Bus session here',
    ['start it in a desktop session or under dbus-run-session', USE_FILE],
  ],
  [
    /not provided by any \.service files|ServiceUnknown|NameHasNoOwner/i,
    'absent',
    'no keychain: no Secret Service (gnome-keyring, KWallet, KeePassXC) answers on D-Bus',
    ['start one, for example gnome-keyring-daemon --components=secrets', USE_FILE],
  ],
  [
    /locked/i,
    'locked',
    'the keychain is locked',
    ['unlock it (log in to the desktop, or gnome-keyring-daemon --unlock) and try again', USE_FILE],
  ],
  [
    /does not exist at path|no such secret collection/i,
    'uninitialised',
    'the keychain has no default collection',
    ['create a login keyring first (Seahorse, or log in to the desktop once)', USE_FILE],
  ],
];

function failureFor(said: string): KeychainFailure {
  const known = KNOWN.find(([pattern]) => pattern.test(said));
  if (known) return new KeychainFailure(known[1], known[2], known[3]);
  return new KeychainFailure('broken', `the keychain failed: ${said}`, [
    'twvault doctor shows more',
    USE_FILE,
  ]);
}
