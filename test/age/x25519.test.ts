import { hkdfSync } from 'node:crypto';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { open, seal } from '../../src/age/age.ts';
import { encodeBech32 } from '../../src/age/bech32.ts';
import { X25519Identity, X25519Recipient } from '../../src/age/x25519.ts';
import { refusal, refusalKind } from './refusal.ts';

// The example of the specification: a scalar of 32 times 0x42.
const SPEC_IDENTITY = 'AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX';
const SPEC_RECIPIENT = 'age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj';

describe('X25519Identity', () => {
  it('reads and writes the example of the specification', () => {
    const identity = X25519Identity.parse(SPEC_IDENTITY);
    expect(identity.encode()).toBe(SPEC_IDENTITY);
    expect(identity.recipient().encode()).toBe(SPEC_RECIPIENT);
  });

  it('differs each time it is generated', () => {
    expect(X25519Identity.generate().encode()).not.toBe(X25519Identity.generate().encode());
  });

  it('derives keys by HKDF over the scalar', () => {
    const identity = X25519Identity.parse(SPEC_IDENTITY);
    const expected = hkdfSync('sha256', Buffer.alloc(32, 0x42), '', 'twvault test', 32);
    expect(Buffer.from(identity.deriveKey('twvault test'))).toEqual(Buffer.from(expected));
    expect(identity.deriveKey('twvault test')).not.toEqual(identity.deriveKey('twvault tests'));
  });

  it('shows nothing of its key', () => {
    const identity = X25519Identity.parse(SPEC_IDENTITY);
    const shown = [
      inspect(identity, { depth: 9, showHidden: true, getters: true }),
      inspect({ nested: [identity] }, { depth: 9 }),
      JSON.stringify({ identity }),
      String(identity),
      `${Object.keys(identity)} ${Object.getOwnPropertyNames(identity)}`,
      JSON.stringify(structuredClone(identity)),
    ].join('\n');
    const scalar = Buffer.alloc(32, 0x42);
    for (const secret of [
      'SECRET',
      'GFPYY',
      '42, 42',
      '66,66',
      '66, 66',
      'KeyObject',
      scalar.toString('base64'),
    ]) {
      expect(shown.toUpperCase()).not.toContain(secret.toUpperCase());
    }
  });

  it.each([
    ['empty', ''],
    ['cut short', SPEC_IDENTITY.slice(0, -1)],
    ['with a wrong letter', SPEC_IDENTITY.replace('GFPYY', 'GFPYX')],
    ['in lower case', SPEC_IDENTITY.toLowerCase()],
    ['with white space', `${SPEC_IDENTITY}\n`],
    ['a recipient', SPEC_RECIPIENT],
    ['31 bytes', encodeBech32('age-secret-key-', new Uint8Array(31)).toUpperCase()],
    ['33 bytes', encodeBech32('age-secret-key-', new Uint8Array(33)).toUpperCase()],
    ['post-quantum', encodeBech32('age-secret-key-pq-', new Uint8Array(32)).toUpperCase()],
  ])('refuses a text that is %s, without repeating it', async (_, text) => {
    const error = await refusal(() => X25519Identity.parse(text));
    expect(error.kind).toBe('key');
    expect(error.message).toBe('malformed age identity');
  });
});

describe('X25519Recipient', () => {
  it.each([
    ['empty', ''],
    ['in upper case', SPEC_RECIPIENT.toUpperCase()],
    ['with a wrong letter', SPEC_RECIPIENT.replace('kyg2', 'kyg3')],
    ['an identity', SPEC_IDENTITY],
    ['too long', encodeBech32('age', new Uint8Array(33))],
  ])('refuses a text that is %s', async (_, text) => {
    expect(await refusalKind(() => X25519Recipient.parse(text))).toBe('key');
  });

  it('refuses to seal to a low-order point', async () => {
    const recipient = X25519Recipient.parse(encodeBech32('age', new Uint8Array(32)));
    expect(await refusalKind(seal(Buffer.from('x'), [recipient]))).toBe('key');
  });

  it('lets any of several identities open, wherever it stands', async () => {
    const [first, second, stranger] = [0, 1, 2].map(() => X25519Identity.generate()) as [
      X25519Identity,
      X25519Identity,
      X25519Identity,
    ];
    const sealed = await seal(Buffer.from('both'), [first.recipient(), second.recipient()]);
    for (const identities of [[first], [second], [stranger, second]]) {
      expect(Buffer.from(await open(sealed, identities)).toString()).toBe('both');
    }
    expect(await refusalKind(open(sealed, [stranger]))).toBe('no-match');
    expect(await refusalKind(open(sealed, []))).toBe('no-match');
  });
});
