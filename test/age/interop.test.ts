import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Decrypter, Encrypter } from 'age-encryption';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { open, seal } from '../../src/age/age.ts';
import { decodeArmor, encodeArmor } from '../../src/age/armor.ts';
import { ScryptIdentity, ScryptRecipient } from '../../src/age/scrypt.ts';
import { X25519Identity, X25519Recipient } from '../../src/age/x25519.ts';

const PASSPHRASE = 'five words söme ordinary letters';
const plaintext = new Uint8Array(100_000).map((_, index) => index % 251);
const identity = X25519Identity.generate();
const recipient = identity.recipient().encode();

describe('typage', () => {
  it('opens what is sealed to a recipient', async () => {
    const decrypter = new Decrypter();
    decrypter.addIdentity(identity.encode());
    const opened = await decrypter.decrypt(await seal(plaintext, [identity.recipient()]));
    expect(Buffer.from(opened).equals(plaintext)).toBe(true);
  });

  it('seals to a recipient what opens here', async () => {
    const encrypter = new Encrypter();
    encrypter.addRecipient(recipient);
    const opened = await open(await encrypter.encrypt(plaintext), [identity]);
    expect(Buffer.from(opened).equals(plaintext)).toBe(true);
  });

  it('opens what is sealed under a passphrase', async () => {
    const decrypter = new Decrypter();
    decrypter.addPassphrase(PASSPHRASE);
    const opened = await decrypter.decrypt(await seal(plaintext, [new ScryptRecipient(PASSPHRASE, 17)]));
    expect(Buffer.from(opened).equals(plaintext)).toBe(true);
  });

  it('seals under a passphrase what opens here', async () => {
    const encrypter = new Encrypter();
    encrypter.setPassphrase(PASSPHRASE);
    encrypter.setScryptWorkFactor(12);
    const opened = await open(await encrypter.encrypt(plaintext), [new ScryptIdentity(PASSPHRASE)]);
    expect(Buffer.from(opened).equals(plaintext)).toBe(true);
  });
});

const hasAge = !spawnSync('age', ['--version']).error;
const pty = await import('@lydell/node-pty').catch(() => null);
const inCI = Boolean(process.env.CI);
if (!hasAge) console.log('skipped: the age command is not installed');
if (!pty) console.log('skipped: @lydell/node-pty does not load here');

let directory = '';
const path = (name: string) => join(directory, name);
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'twvault-age-'));
});
afterAll(() => rmSync(directory, { recursive: true }));

function age(args: string[], input: Uint8Array): Buffer {
  const { status, stdout, stderr } = spawnSync('age', args, { input, maxBuffer: 1e8 });
  expect(`${status} ${stderr}`).toBe('0 ');
  return stdout;
}

describe.skipIf(!hasAge && !inCI)('the age command', () => {
  it('opens what is sealed to a recipient, plain or armored', async () => {
    writeFileSync(path('identity.txt'), `# comment\n${identity.encode()}\n`, { mode: 0o600 });
    const sealed = await seal(plaintext, [X25519Identity.generate().recipient(), identity.recipient()]);
    expect(age(['-d', '-i', path('identity.txt')], sealed).equals(plaintext)).toBe(true);
    expect(age(['-d', '-i', path('identity.txt')], encodeArmor(sealed)).equals(plaintext)).toBe(true);
  });

  it('seals to a recipient what opens here, plain or armored', async () => {
    const sealed = age(['-e', '-r', recipient], plaintext);
    expect(Buffer.from(await open(sealed, [identity])).equals(plaintext)).toBe(true);
    const armored = age(['-e', '-a', '-r', recipient], plaintext);
    expect(Buffer.from(await open(decodeArmor(armored), [identity])).equals(plaintext)).toBe(true);
  });

  it('makes identities that are read here, with the same recipient', () => {
    const made = spawnSync('age-keygen', { encoding: 'utf8' }).stdout;
    const [secret = ''] = made.match(/^AGE-SECRET-KEY-1\w+$/m) ?? [];
    const [publicPart = ''] = made.match(/age1\w+/) ?? [];
    expect(X25519Identity.parse(secret).recipient().encode()).toBe(publicPart);
    expect(X25519Identity.parse(secret).encode()).toBe(secret);
    expect(X25519Recipient.parse(publicPart).encode()).toBe(publicPart);
  });
});

/** Runs age on a pseudo-terminal of its own and answers every passphrase prompt. Gives the exit code. */
function ageOnTerminal(args: string[]): Promise<number> {
  if (!pty) throw new Error('@lydell/node-pty does not load here');
  const terminal = pty.spawn('age', args, { cols: 200, rows: 20 });
  let screen = '';
  terminal.onData((data) => {
    screen += data;
    if (!/passphrase[^:]*: *$/i.test(screen)) return;
    screen = '';
    terminal.write(`${PASSPHRASE}\r`);
  });
  return new Promise((resolve) => terminal.onExit(({ exitCode }) => resolve(exitCode)));
}

describe.skipIf((!hasAge || !pty) && !inCI)('the age command on a terminal', () => {
  it('opens what is sealed under a passphrase', async () => {
    writeFileSync(path('ours.age'), await seal(plaintext, [new ScryptRecipient(PASSPHRASE, 17)]));
    expect(await ageOnTerminal(['-d', '-o', path('ours.txt'), path('ours.age')])).toBe(0);
    expect(readFileSync(path('ours.txt')).equals(plaintext)).toBe(true);
  }, 20_000);

  it('seals under a passphrase what opens here', async () => {
    writeFileSync(path('theirs.txt'), plaintext);
    expect(await ageOnTerminal(['-p', '-o', path('theirs.age'), path('theirs.txt')])).toBe(0);
    const opened = await open(readFileSync(path('theirs.age')), [new ScryptIdentity(PASSPHRASE)]);
    expect(Buffer.from(opened).equals(plaintext)).toBe(true);
  }, 20_000);
});
