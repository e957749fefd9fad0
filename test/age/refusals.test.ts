import { describe, expect, it } from 'vitest';
import { open, prepareSeal, seal } from '../../src/age/age.ts';
import { decodeArmor, encodeArmor } from '../../src/age/armor.ts';
import { encodeBase64 } from '../../src/age/base64.ts';
import { encodeBech32 } from '../../src/age/bech32.ts';
import { encodeCovered, encodeHeader, parseHeader } from '../../src/age/header.ts';
import { hkdf, hmac } from '../../src/age/hkdf.ts';
import type { Identity, Recipient } from '../../src/age/ports.ts';
import type { Stanza } from '../../src/age/stanza.ts';
import { decryptStream, encryptStream } from '../../src/age/stream.ts';
import { X25519Identity, X25519Recipient } from '../../src/age/x25519.ts';
import { refusal } from './refusal.ts';

const VERSION = 'age-encryption.org/v1\n';
const KEY = encodeBase64(new Uint8Array(32));
const STANZA = `-> X25519 ${KEY}\n${KEY}\n`;
const MAC = `--- ${KEY}\n`;
const stanza = (part: Partial<Stanza> = {}): Stanza => ({
  type: 'a',
  args: [],
  body: new Uint8Array(0),
  ...part,
});
const writes = (...stanzas: Stanza[]): Recipient => ({ wrapFileKey: async () => stanzas });

const said = async (attempt: Promise<unknown> | (() => unknown)) => {
  const { name, kind, message } = await refusal(attempt);
  expect(name).toBe('AgeError');
  return `${kind}: ${message}`;
};

describe('a header is refused in words that say why', () => {
  it.each([
    ['age-encryption.org/v2\n', 'header: not an age v1 file'],
    ['age-encryption.org/v1', 'header: not an age v1 file'],
    [` ${VERSION}${STANZA}${MAC}`, 'header: not an age v1 file'],
    [VERSION, 'header: the header is cut short'],
    [`${VERSION}${STANZA}`, 'header: the header is cut short'],
    [`${VERSION}${STANZA}${MAC.trim()}`, 'header: the header is cut short'],
    [`${VERSION}${STANZA}${MAC.replace(' ', '=')}`, 'header: malformed header mac'],
    [`${VERSION}${STANZA}${'a'.repeat(65_536)}`, 'limit: the header is longer than 64 KiB'],
    [`${VERSION}${STANZA.repeat(33)}${MAC}`, 'limit: the header has more than 32 stanzas'],
    [`${VERSION}${MAC}`, 'header: the header has no stanza'],
    [`${VERSION}=> a\n\n${MAC}`, 'header: malformed stanza'],
    [`${VERSION}->\n\n${MAC}`, 'header: malformed stanza argument'],
    [`${VERSION}-> a  b\n\n${MAC}`, 'header: malformed stanza argument'],
    [`${VERSION}-> a\u007f\n\n${MAC}`, 'header: malformed stanza argument'],
    [`${VERSION}-> a\n${'A'.repeat(65)}\n${MAC}`, 'header: a stanza line is longer than 64 columns'],
    [`${VERSION}-> a\nAB\n${MAC}`, 'header: a stanza body is not canonical base64'],
    [`${VERSION}${STANZA}---${KEY}\n`, 'header: malformed header mac'],
    [`${VERSION}${STANZA}---  ${KEY}\n`, 'header: malformed header mac'],
    [`${VERSION}${STANZA}--- ${encodeBase64(new Uint8Array(31))}\n`, 'header: malformed header mac'],
    [`${VERSION}${STANZA}--- ${encodeBase64(new Uint8Array(33))}\n`, 'header: malformed header mac'],
  ])('%j', async (text, words) => {
    expect(await said(() => parseHeader(Buffer.from(text, 'latin1')))).toBe(words);
  });

  it('and is not written where it would be', async () => {
    expect(await said(() => encodeCovered([]))).toBe('header: a header needs a stanza');
    const many = Array.from({ length: 33 }, () => stanza());
    expect(await said(() => encodeCovered(many))).toBe('limit: the header has more than 32 stanzas');
    const long = stanza({ type: 'a'.repeat(65_536) });
    expect(await said(() => encodeCovered([long]))).toBe('limit: the header is longer than 64 KiB');
    expect(await said(() => encodeCovered([stanza({ args: ['\n'] })]))).toBe(
      'header: malformed stanza argument',
    );
  });

  it('ends a body whose last line is full with an empty line, as age does', () => {
    const full = stanza({ body: new Uint8Array(48) });
    const text = Buffer.from(encodeCovered([full])).toString();
    expect(text).toBe(`${VERSION}-> a\n${'A'.repeat(64)}\n\n---`);
    const parsed = parseHeader(encodeHeader(Buffer.from(text), new Uint8Array(32)));
    expect(Buffer.from(parsed.covered).toString()).toBe(text);
    expect(parsed.size).toBe(text.length + 45);
  });
});

describe('a file is refused in words that say why', () => {
  const identity = X25519Identity.generate();
  const recipients = [identity.recipient()];
  const text = Buffer.from('text');

  it('when it is sealed', async () => {
    expect(await said(seal(text, []))).toBe('recipients: there is no recipient to seal to');
    const together = [writes(stanza({ type: 'scrypt' })), writes(stanza())];
    for (const order of [together, together.toReversed()]) {
      expect(await said(seal(text, order))).toBe('recipients: a passphrase must be the only recipient');
    }
    expect((await seal(text, [writes(stanza({ type: 'scrypt' }))])).length).toBeGreaterThan(0);
    const nobody = X25519Recipient.fromPoint(new Uint8Array(32));
    expect(await said(seal(text, [nobody]))).toBe('key: the age recipient is a low-order point');
  });

  it('when it is opened', async () => {
    const sealed = await seal(text, recipients);
    const { size } = parseHeader(sealed);
    const opened = (file: Uint8Array) => said(open(file, [identity]));
    expect(await said(open(sealed, [X25519Identity.generate()]))).toBe(
      'no-match: no identity opens this file',
    );
    expect(await opened(sealed.subarray(0, size + 15))).toBe('header: the payload nonce is cut short');
    expect(await opened(sealed.subarray(0, size + 16))).toBe('payload: the payload is cut short');
    expect(await opened(sealed.subarray(0, size + 31))).toBe('payload: the payload is cut short');
    expect(await opened(sealed.subarray(0, size + 32))).toBe('payload: the payload was altered or cut short');
    const altered = Buffer.from(sealed);
    altered.write(' x', altered.indexOf(' X25519'), 'latin1');
    expect(await opened(altered)).toBe('no-match: no identity opens this file');
    const knows = (fileKey: Uint8Array): Identity => ({ unwrapFileKey: async () => fileKey });
    expect(await said(open(sealed, [knows(new Uint8Array(16))]))).toBe('mac: the header was altered');
    expect(await said(open(sealed, [knows(new Uint8Array(17))]))).toBe(
      'header: a file key is not 16 bytes long',
    );
  });

  it.each([
    [stanza({ args: [] }), 'header: malformed X25519 stanza'],
    [stanza({ args: [KEY, KEY] }), 'header: malformed X25519 stanza'],
    [stanza({ args: [encodeBase64(new Uint8Array(31))] }), 'header: malformed X25519 stanza'],
    [stanza({ args: ['?'] }), 'header: malformed X25519 stanza'],
    [stanza({ args: [KEY] }), 'header: a stanza does not hold a 16-byte file key'],
    [stanza({ args: [KEY], body: new Uint8Array(31) }), 'header: a stanza does not hold a 16-byte file key'],
    [stanza({ args: [KEY], body: new Uint8Array(33) }), 'header: a stanza does not hold a 16-byte file key'],
    [stanza({ args: [KEY], body: new Uint8Array(32) }), 'header: an X25519 share is a low-order point'],
  ])('when its stanza is wrong: %#', async (wrong, words) => {
    const stanzas = [stanza(), { ...wrong, type: 'X25519' }];
    expect(await said(identity.unwrapFileKey(stanzas))).toBe(words);
  });

  it('and a text that is no key', async () => {
    expect(await said(() => X25519Identity.parse('x'))).toBe('key: malformed age identity');
    expect(await said(() => X25519Recipient.parse('x'))).toBe('key: malformed age recipient');
    const [short, long] = [31, 33].map((length) => encodeBech32('age', new Uint8Array(length)));
    for (const wrong of [short, long]) {
      expect(await said(() => X25519Recipient.parse(wrong as string))).toBe('key: malformed age recipient');
    }
  });
});

describe('armor is refused in words that say why', () => {
  const good = Buffer.from(encodeArmor(new Uint8Array(100))).toString();
  const [begin, ...rest] = good.trim().split('\n') as [string, ...string[]];
  const end = rest.pop() as string;
  it.each([
    [`x${good}`, 'the armor does not begin as it should'],
    [`${good}x`, 'the armor does not end as it should'],
    [[begin, end].join('\n').slice(0, -1), 'the armor does not end as it should'],
    [[begin, rest.join(''), end].join('\n'), 'the armor is not wrapped at 64 columns'],
    [[begin, ...rest, '', end].join('\n'), 'the armor is not wrapped at 64 columns'],
    [[begin, 'AAAA', 'AAAA', end].join('\n'), 'the armor is not wrapped at 64 columns'],
    [[begin, 'A'.repeat(65), end].join('\n'), 'the armor is not wrapped at 64 columns'],
    [[begin, 'AAA', end].join('\n'), 'the armor is not canonical base64'],
    [[begin, 'AB==', end].join('\n'), 'the armor is not canonical base64'],
  ])('%#', async (text, words) => {
    expect(await said(() => decodeArmor(Buffer.from(text)))).toBe(`armor: ${words}`);
  });

  it('but white space around it is taken, and a last line of any length', () => {
    expect(decodeArmor(Buffer.from(`\t\r\n ${good} \t\r\n`))).toEqual(Buffer.alloc(100));
    for (const size of [1, 47, 48, 49, 96]) {
      expect(decodeArmor(encodeArmor(new Uint8Array(size)))).toEqual(Buffer.alloc(size));
    }
    expect(decodeArmor(Buffer.from([begin, end].join('\n')))).toHaveLength(0);
  });
});

describe('a payload', () => {
  const key = new Uint8Array(32).fill(1);

  it('is refused in words that say why', async () => {
    expect(await said(decryptStream(key, new Uint8Array(15)))).toBe('payload: the payload is cut short');
    const whole = await encryptStream(key, new Uint8Array(65536 + 1));
    expect(await said(decryptStream(key, whole.subarray(0, 65552 + 16)))).toBe(
      'payload: the payload ends in an empty chunk',
    );
    expect(await said(decryptStream(key, whole.subarray(0, 65552 + 15)))).toBe(
      'payload: the payload is cut short',
    );
    expect(await said(decryptStream(key, whole.subarray(0, 65552)))).toBe(
      'payload: the payload was altered or cut short',
    );
  });

  it('has one chunk where it fits in one', async () => {
    for (const [size, chunks] of [
      [0, 1],
      [1, 1],
      [65535, 1],
      [65536, 1],
      [65537, 2],
      [131_072, 2],
    ] as const) {
      expect(await encryptStream(key, new Uint8Array(size))).toHaveLength(size + 16 * chunks);
    }
  });
});

describe('keys', () => {
  it('of a file are zeroed after use, in sealing and in opening, and where either fails', async () => {
    const seen: Uint8Array[] = [];
    const recipient: Recipient = {
      wrapFileKey: async (fileKey) => {
        seen.push(fileKey);
        expect(Buffer.from(fileKey)).not.toEqual(Buffer.alloc(16));
        return seen.length === 2 ? [] : [stanza()];
      },
    };
    await seal(Buffer.from('x'), [recipient]);
    await expect(seal(Buffer.from('x'), [recipient])).rejects.toThrow('a header needs a stanza');
    for (const fileKey of seen) expect(Buffer.from(fileKey)).toEqual(Buffer.alloc(16));

    const fileKey = Buffer.alloc(16, 7);
    const covered = encodeCovered([stanza()]);
    const mac = hmac(hkdf(fileKey, new Uint8Array(0), 'header'), covered);
    const file = Buffer.concat([encodeHeader(covered, mac), new Uint8Array(40)]);
    await expect(open(file, [{ unwrapFileKey: async () => fileKey }])).rejects.toThrow(
      'the payload was altered',
    );
    expect(fileKey).toEqual(Buffer.alloc(16));
  });

  it('are not used for a second plaintext', async () => {
    const once = await prepareSeal([writes(stanza())]);
    await once(Buffer.from('first'));
    await expect(once(Buffer.from('second'))).rejects.toThrow('a prepared seal is used once');
  });

  it('of an identity are gone when it is wiped', () => {
    const identity = X25519Identity.generate();
    identity.wipe();
    expect(identity.encode()).toBe(encodeBech32('age-secret-key-', new Uint8Array(32)).toUpperCase());
  });
});
