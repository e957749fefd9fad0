import { resolve } from 'node:path';
import type { Identity, Recipient } from '../../age/ports.ts';
import { X25519Recipient } from '../../age/x25519.ts';
import { passphraseIdentity, passphraseRecipient } from '../../backup/sealed.ts';
import { locked, usage } from '../../failure.ts';
import type { Secret } from '../../profile/secret.ts';
import { readSecretFile } from '../../unlock/unattended.ts';
import type { Context } from '../context.ts';
import { passphraseIn } from '../input.ts';
import { recipientFrom } from '../recipient.ts';
import { passphraseChooser, SHORTEST } from '../setup.ts';

export interface SealingOptions {
  readonly recipient: readonly string[];
  readonly recipientsFile?: string;
  readonly passphraseFile?: string;
}

/** Who a backup is sealed to, in words too; and what opens it again, where that is at hand. */
export interface Sealing {
  readonly recipients: readonly Recipient[];
  readonly identity?: Identity;
  readonly words: string;
}

/** age files have at most 32 stanzas. */
const MOST_RECIPIENTS = 32;

export async function sealingOf(context: Context, options: SealingOptions): Promise<Sealing> {
  const names = recipientNames(context, options);
  if (names.size > 0 && options.passphraseFile !== undefined) {
    throw usage('a passphrase and recipients exclude each other');
  }
  if (names.size > MOST_RECIPIENTS) throw usage(`a backup has at most ${MOST_RECIPIENTS} recipients`);
  if (names.size > 0) {
    const words = names.size === 1 ? ([...names][0] as string) : `${names.size} recipients`;
    const proven = await Promise.all([...names].map(recipientFrom));
    return { recipients: proven.map((text) => X25519Recipient.parse(text)), words };
  }
  const passphrase = await newPassphrase(context, options);
  return {
    recipients: [passphraseRecipient(passphrase)],
    identity: passphraseIdentity(passphrase),
    words: 'the passphrase',
  };
}

function recipientNames({ cwd }: Context, { recipient: given, recipientsFile }: SealingOptions): Set<string> {
  if (recipientsFile === undefined) return new Set(given);
  const lines = readSecretFile(resolve(cwd(), recipientsFile)).split(/\r?\n/);
  const names = lines.map((line) => line.trim()).filter((line) => line !== '' && !line.startsWith('#'));
  if (names.length === 0) throw usage(`${recipientsFile} names no recipient`);
  return new Set([...given, ...names]);
}

async function newPassphrase(context: Context, { passphraseFile }: SealingOptions): Promise<Secret> {
  if (passphraseFile === undefined) return chosenPassphrase(context);
  const passphrase = passphraseIn(passphraseFile, context);
  if (passphrase.length >= SHORTEST) return passphrase;
  throw usage(`the passphrase is too short: ${passphrase.length} of ${SHORTEST} characters`);
}

async function chosenPassphrase(context: Context): Promise<Secret> {
  const choose = await passphraseChooser(context, 'the backup');
  if (choose) return choose();
  throw locked('there is no terminal to ask for a passphrase', [
    'give it with --passphrase-file FILE, or seal to a key: --recipient age1...',
  ]);
}
