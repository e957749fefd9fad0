import { randomBytes } from 'node:crypto';
import { EXIT, Failure } from '../failure.ts';
import { whyNoKeychain } from './host.ts';
import {
  type Asked,
  type KeychainAnswer,
  type KeychainCall,
  NOT_INSTALLED,
  perform,
} from './keychain-call.ts';
import { execve, markStuck, noteCall } from './leave.ts';
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

/** Long enough for a daemon that 40 processes ask at once on a busy machine. */
const LIMIT_MS = 10_000;
/** Where a dialog may come up, a person needs time to answer it. */
const DIALOG_LIMIT_MS = 30_000;
const NOTICE_MS = 1000;
const WAITING = 'waiting for the keychain (it may be showing a dialog)';
/** Timers of Node fire at once beyond this. */
const MOST_MS = 2 ** 31 - 1;

export interface KeychainSurroundings {
  readonly env: Variables;
  /** Tells a person what is being waited for; a program that only uses the library has nobody to tell. */
  readonly say?: ((message: string) => void) | undefined;
}

/** The operating system's keychain under one service name. Every call ends within a time limit. */
export class Keychain {
  readonly #service: string;
  readonly #env: Variables;
  readonly #say: (message: string) => void;

  constructor(service: string, { env, say = () => {} }: KeychainSurroundings) {
    this.#service = service;
    this.#env = env;
    this.#say = say;
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
      const call = { op: 'probe', service: this.#service, account, value } as const;
      const read = this.#unwrap(await this.#bounded(await inHelper(call)));
      return read === value ? null : failureFor('the probe item could not be read back', this.#env);
    } catch (error) {
      if (error instanceof KeychainFailure) return error;
      throw error;
    }
  }

  async #call(call: KeychainCall): Promise<string | null> {
    // Where a blocked call could not be left with the right exit code, a helper process takes the risk.
    const needsHelper = !execve && mayShowDialog(this.#env);
    return this.#unwrap(await this.#bounded(needsHelper ? await inHelper(call) : callHere(call)));
  }

  #unwrap(answer: KeychainAnswer): string | null {
    if ('error' in answer) throw failureFor(answer.error, this.#env);
    return answer.value;
  }

  /** The answer, or a failure once the limit is over. After a while it says what it is waiting for. */
  async #bounded({ answer, abandon }: Asked): Promise<KeychainAnswer> {
    const limit = this.#limit();
    const notice = setTimeout(() => this.#say(WAITING), NOTICE_MS);
    let timer: NodeJS.Timeout | undefined;
    const silence = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        abandon();
        reject(silent(limit));
      }, limit);
    });
    try {
      return await Promise.race([answer, silence]);
    } finally {
      clearTimeout(notice);
      clearTimeout(timer);
    }
  }

  #limit(): number {
    const seconds = Number(this.#env.TWVAULT_KEYCHAIN_TIMEOUT);
    if (seconds > 0) return Math.min(Math.ceil(seconds * 1000), MOST_MS);
    return mayShowDialog(this.#env) ? DIALOG_LIMIT_MS : LIMIT_MS;
  }
}

function mayShowDialog(env: Variables): boolean {
  return process.platform === 'darwin' || Boolean(env.DISPLAY || env.WAYLAND_DISPLAY);
}

function callHere(call: KeychainCall): Asked {
  // Whoever asks hashes or decrypts next: node:crypto loads while the keychain answers.
  setImmediate(() => randomBytes(1));
  return { answer: noteCall(perform(call)), abandon: markStuck };
}

/** Loaded only then: starting a process costs a twentieth of an exec to load. */
async function inHelper(call: KeychainCall): Promise<Asked> {
  const { callInHelper } = await import('./keychain-in-helper.ts');
  return callInHelper(call);
}

function silent(limit: number): KeychainFailure {
  return new KeychainFailure('silent', `the keychain did not answer within ${limit / 1000} s`, [
    'it may be waiting for its unlock dialog: unlock it and try again',
    'TWVAULT_KEYCHAIN_TIMEOUT=SECONDS allows more time',
  ]);
}

/** The way round a keychain that cannot be had. */
export const USE_FILES =
  'keep profiles in encrypted files (twvault init --store file; those in a keychain that answers: twvault migrate --to file)';

/** What the libraries say, in the order in which it is looked for. macOS' texts come from Apple's lists, untried. */
const KNOWN: readonly (readonly [RegExp, KeychainReason, string, string])[] = [
  [
    new RegExp(NOT_INSTALLED),
    'absent',
    'no keychain: the optional package keytar is not installed',
    'npm install without --omit=optional',
  ],
  [
    /native addon|cannot open shared object|file too short|invalid ELF header/i,
    'absent',
    'no keychain: its native library did not load',
    'on Debian and Ubuntu: apt-get install libsecret-1-0',
  ],
  [
    /autolaunch D-Bus/i,
    'absent',
    'no keychain: there is no D-Bus session here',
    'start it in a desktop session or under dbus-run-session',
  ],
  [
    /could not connect|no such file or directory|connection refused|connection is closed|address (element|is empty)|for address/i,
    'absent',
    'no keychain: no D-Bus answers at DBUS_SESSION_BUS_ADDRESS',
    'unset the variable, or start twvault in a desktop session or under dbus-run-session',
  ],
  [
    /not provided by any \.service files|ServiceUnknown|NameHasNoOwner/i,
    'absent',
    'no keychain: no Secret Service (gnome-keyring, KWallet, KeePassXC) answers on D-Bus',
    'start one, for example gnome-keyring-daemon --components=secrets',
  ],
  [
    /locked|interaction is not allowed|canceled/i,
    'locked',
    'the keychain is locked',
    process.platform === 'darwin'
      ? 'unlock it and try again: security unlock-keychain'
      : 'unlock it (log in to the desktop, or gnome-keyring-daemon --unlock) and try again',
  ],
  [
    /does not exist at path|no such secret collection|default keychain could not be found/i,
    'uninitialised',
    'the keychain has no default collection',
    'create a login keyring first (Seahorse, or log in to the desktop once)',
  ],
];

function failureFor(said: string, env: Variables): KeychainFailure {
  const known = KNOWN.find(([pattern]) => pattern.test(said));
  if (known) {
    const [, reason, message, hint] = known;
    const why = reason === 'absent' ? whyNoKeychain(env) : undefined;
    return new KeychainFailure(reason, message, [why === undefined ? hint : `${why}: ${USE_FILES}`]);
  }
  return new KeychainFailure('broken', `the keychain failed: ${said}`, [
    'try it with another program: secret-tool, Seahorse, Keychain Access',
  ]);
}
