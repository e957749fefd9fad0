import { open, seal } from '../../../src/age/age.ts';
import { decodeArmor, encodeArmor } from '../../../src/age/armor.ts';
import { AgeError } from '../../../src/age/error.ts';
import { parseHeader } from '../../../src/age/header.ts';
import { ScryptIdentity } from '../../../src/age/scrypt.ts';
import { X25519Identity, X25519Recipient } from '../../../src/age/x25519.ts';
import { Failure } from '../../../src/failure.ts';
import { identityText, parseIdentities } from '../../../src/unlock/identity-text.ts';
import { loadVectors } from '../../age/vector.ts';
import { type Parser, SECRET } from '../law.ts';

const [owner, another] = [X25519Identity.generate(), X25519Identity.generate()];
const recipients = [another.recipient(), owner.recipient()];
const small = Buffer.from(await seal(Buffer.from(SECRET), recipients));
const large = Buffer.from(await seal(Buffer.alloc(2 * 65536 + 9, SECRET), recipients));
const sealedToPassphrase = loadVectors().filter(({ name }) => name === 'scrypt');
const keys = [owner, another].map((identity) => identity.encode().replace('AGE-SECRET-KEY-1', ''));

const refusals = [AgeError];

export const AGE: readonly Parser[] = [
  { name: 'age-header', seeds: [small, large.subarray(0, 500)], refusals, read: parseHeader },
  { name: 'age-file', seeds: [small, large], refusals, read: (bytes) => open(bytes, [owner]) },
  {
    name: 'age-passphrase-file',
    seeds: sealedToPassphrase.map(({ file }) => Buffer.from(file)),
    refusals,
    read: (bytes) => open(bytes, [new ScryptIdentity('password', { maxLogN: 10 })]),
  },
  { name: 'age-armor', seeds: [Buffer.from(encodeArmor(small))], refusals, read: decodeArmor },
  {
    name: 'age-identity',
    seeds: [Buffer.from(identityText(owner, another))],
    refusals: [Failure],
    secrets: keys,
    read: (bytes) => parseIdentities(bytes.toString(), 'identity.txt'),
  },
  {
    name: 'age-recipient',
    seeds: recipients.map((recipient) => Buffer.from(recipient.encode())),
    refusals,
    read: (bytes) => X25519Recipient.parse(bytes.toString()),
  },
];
