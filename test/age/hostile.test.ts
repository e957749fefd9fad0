import { describe, expect, it } from 'vitest';
import { open, seal } from '../../src/age/age.ts';
import { encodeCovered, encodeHeader, MAX_HEADER_SIZE, parseHeader } from '../../src/age/header.ts';
import type { Identity, Recipient } from '../../src/age/ports.ts';
import { ScryptIdentity, scryptWorkFactor } from '../../src/age/scrypt.ts';
import type { Stanza } from '../../src/age/stanza.ts';
import { X25519Identity } from '../../src/age/x25519.ts';
import { refusal, refusalKind } from './refusal.ts';

const LINE = 'A'.repeat(64);
const STANZA = `-> X25519 ${'A'.repeat(43)}\n${'A'.repeat(43)}\n`;
const END = `--- ${'A'.repeat(43)}\n`;
const header = (...parts: string[]) => Buffer.from(`age-encryption.org/v1\n${parts.join('')}`);
const scryptHeader = (logN: string) =>
  Buffer.concat([
    header(`-> scrypt ${'A'.repeat(22)} ${logN}\n`, `${'A'.repeat(43)}\n`, END),
    Buffer.alloc(32),
  ]);

/** An identity that counts what reaches it: where the parser refuses, no key work may have begun. */
function counter(): Identity & { calls: number } {
  return {
    calls: 0,
    async unwrapFileKey() {
      this.calls++;
      return null;
    },
  };
}

describe('hostile headers are refused before any key is tried', () => {
  it.each<[string, Buffer]>([
    ['1000 stanzas', header(STANZA.repeat(1000), END)],
    ['33 stanzas', header(STANZA.repeat(33), END)],
    ['an argument line of 1 MiB', header(`-> ${'a'.repeat(2 ** 20)}\n`, END)],
    ['arguments of 1 MiB', header(`->${' a'.repeat(2 ** 19)}\n`, END)],
    ['a body of 10 MiB', header('-> a\n', `${LINE}\n`.repeat(2 ** 18), '\n', END)],
    ['a MAC line of 1 MiB', header(STANZA, `--- ${'A'.repeat(2 ** 20)}\n`)],
  ])('%s', async (_, file) => {
    const identity = counter();
    expect(await refusalKind(open(file, [identity]))).toBe('limit');
    expect(identity.calls).toBe(0);
  });

  it.each(['20', '30', '63', '99999999999999999999'])('a scrypt work factor of %s', async (logN) => {
    const error = await refusal(open(scryptHeader(logN), [new ScryptIdentity('password')]));
    expect(error.kind).toBe('limit');
    // This message comes from the check; scrypt itself failing has another.
    expect(error.message).toBe('the scrypt work factor is above 19');
  });

  it('a work factor above a cap of the caller', async () => {
    const identity = new ScryptIdentity('password', { maxLogN: 12 });
    expect(await refusalKind(open(scryptHeader('13'), [identity]))).toBe('limit');
    expect(await refusalKind(open(scryptHeader('12'), [identity]))).toBe('no-match');
  });

  it('tells the work factor without running it', () => {
    expect(scryptWorkFactor(scryptHeader('30'))).toBe(30);
    expect(scryptWorkFactor(scryptHeader('1'))).toBe(1);
    expect(scryptWorkFactor(header(STANZA, END))).toBeNull();
  });

  it('checks the body of a stanza before the passphrase', async () => {
    const file = header(`-> scrypt ${'A'.repeat(22)} 19\n`, `${'A'.repeat(44)}\n`, END);
    expect(await refusalKind(open(file, [new ScryptIdentity('password')]))).toBe('header');
  });
});

describe('the limits are where they are said to be', () => {
  it('takes 32 stanzas and no more, both ways', async () => {
    const identity = X25519Identity.generate();
    const others = (count: number) =>
      Array.from({ length: count }, () => X25519Identity.generate().recipient());
    const sealed = await seal(Buffer.from('x'), [...others(31), identity.recipient()]);
    expect(parseHeader(sealed).stanzas).toHaveLength(32);
    expect(Buffer.from(await open(sealed, [identity])).toString()).toBe('x');
    expect(await refusalKind(seal(Buffer.from('x'), others(33)))).toBe('limit');
  });

  it('takes a header of 64 KiB and not a byte more, both ways', async () => {
    const stanza = (length: number): Stanza => ({
      type: 'a'.repeat(length),
      args: [],
      body: new Uint8Array(0),
    });
    const room = MAX_HEADER_SIZE - encodeHeader(encodeCovered([stanza(1)]), new Uint8Array(32)).length + 1;
    const full = encodeHeader(encodeCovered([stanza(room)]), new Uint8Array(32));
    expect(parseHeader(Buffer.concat([full, Buffer.alloc(100)])).size).toBe(MAX_HEADER_SIZE);
    expect(await refusalKind(() => encodeCovered([stanza(room + 1)]))).toBe('limit');
    const longer = Buffer.from(full.toString().replace('-> ', '-> a'));
    expect(await refusalKind(() => parseHeader(longer))).toBe('limit');
  });

  it('does not look past 64 KiB for the end of a file that is something else', async () => {
    expect(await refusalKind(() => parseHeader(Buffer.alloc(2 ** 20, 'a')))).toBe('header');
    expect(await refusalKind(() => parseHeader(new Uint8Array(0)))).toBe('header');
  });
});

describe('a recipient or identity of the caller cannot break the format', () => {
  const writes = (stanza: Stanza): Recipient => ({ wrapFileKey: async () => [stanza] });
  it.each<[string, Partial<Stanza>]>([
    ['an empty type', { type: '' }],
    ['a space in an argument', { args: ['a b'] }],
    ['an empty argument', { args: [''] }],
    ['a line break in an argument', { args: ['a\n--- '] }],
    ['a letter outside ASCII', { args: ['é'] }],
  ])('refuses to write %s', async (_, part) => {
    const stanza = { type: 'a', args: [], body: new Uint8Array(0), ...part };
    expect(await refusalKind(seal(Buffer.from('x'), [writes(stanza)]))).toBe('header');
  });

  it('refuses to write without a recipient or without a stanza', async () => {
    expect(await refusalKind(seal(Buffer.from('x'), []))).toBe('recipients');
    expect(await refusalKind(seal(Buffer.from('x'), [{ wrapFileKey: async () => [] }]))).toBe('header');
  });

  it('refuses a file key of another length', async () => {
    const sealed = await seal(Buffer.from('x'), [X25519Identity.generate().recipient()]);
    const identity: Identity = { unwrapFileKey: async () => new Uint8Array(32) };
    expect(await refusalKind(open(sealed, [identity]))).toBe('header');
  });

  it('refuses a file key that is not the right one', async () => {
    const sealed = await seal(Buffer.from('x'), [X25519Identity.generate().recipient()]);
    const identity: Identity = { unwrapFileKey: async () => new Uint8Array(16) };
    expect(await refusalKind(open(sealed, [identity]))).toBe('mac');
  });
});
