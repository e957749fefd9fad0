import { randomInt } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Masker } from '../../src/mask/masker.ts';
import { Replacements } from '../../src/mask/replacements.ts';
import { findNaively } from '../match/naive.ts';
import { alphanumeric } from '../support/credentials.ts';

const formsFor = (words: readonly string[]) =>
  words.map((word, index) => ({ bytes: Buffer.from(word), mark: `[${index}]` }));
const maskerFor = (words: readonly string[]) => new Masker(new Replacements(formsFor(words)));

/** The whole text at once, place by place. What is left of a secret at the end is hidden from its half on. */
function maskedNaively(words: readonly string[], text: string): string {
  const bytes = Buffer.from(text);
  const list = words.map((word) => Buffer.from(word));
  let [out, from] = ['', 0];
  for (;;) {
    const found = findNaively(list, bytes, from);
    const open = firstOpen(words, text, from);
    if (!found || found.at >= open) return out + text.slice(from, open) + restMasked(words, text.slice(open));
    out += `${text.slice(from, found.at)}[${found.pattern}]`;
    from = found.at + (words[found.pattern] as string).length;
  }
}

/** The shortest word that goes on after a text. */
const begunBy = (words: readonly string[], text: string) =>
  words
    .map((word, index) => ({ word, index }))
    .filter(({ word }) => word.length > text.length && word.startsWith(text))
    .sort((a, b) => a.word.length - b.word.length)[0];

function firstOpen(words: readonly string[], text: string, from: number): number {
  for (let at = from; at < text.length; at += 1) if (begunBy(words, text.slice(at))) return at;
  return text.length;
}

/** A secret, the second half of one, or its first half with whatever secrets there are in it. */
function restMasked(words: readonly string[], rest: string): string {
  if (words.includes(rest)) return `[${words.indexOf(rest)}]`;
  const begun = begunBy(words, rest);
  if (begun && rest.length * 2 >= begun.word.length) return `[${begun.index}]`;
  return allMasked(words, rest);
}

/** Every secret that is whole, and nothing else. */
function allMasked(words: readonly string[], text: string): string {
  const found = findNaively(
    words.map((word) => Buffer.from(word)),
    Buffer.from(text),
    0,
  );
  if (!found) return text;
  const end = found.at + (words[found.pattern] as string).length;
  return `${text.slice(0, found.at)}[${found.pattern}]${allMasked(words, text.slice(end))}`;
}

function chunksOf(bytes: Buffer, cuts: readonly number[]): Buffer[] {
  const places = [0, ...[...cuts].sort((a, b) => a - b), bytes.length];
  return places.slice(1).map((end, index) => bytes.subarray(places[index], end));
}

function maskedIn(chunks: readonly Buffer[], words: readonly string[]): string {
  const masker = maskerFor(words);
  const parts = chunks.flatMap((chunk) => {
    const own = Buffer.from(chunk);
    const out = masker.push(own).map((part) => Buffer.from(part));
    for (const part of out) expect(part.length).toBeGreaterThan(0);
    own.fill(0x21); // a reader uses its buffers again
    return out;
  });
  return Buffer.concat([...parts, ...masker.end()]).toString('latin1');
}

const letters = (minLength: number, maxLength: number) =>
  fc.array(fc.constantFrom('a', 'b'), { minLength, maxLength }).map((all) => all.join(''));

describe('the masker', () => {
  it('gives what a naive one gives, at every chunking', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(letters(4, 9), { minLength: 1, maxLength: 5 }),
        letters(0, 60),
        fc.array(fc.nat(60), { maxLength: 20 }),
        (words, text, cuts) => {
          const places = cuts.filter((cut) => cut <= text.length);
          const expected = maskedNaively(words, text);
          expect(maskedIn(chunksOf(Buffer.from(text), places), words)).toBe(expected);
          expect(
            maskedIn(
              [...Buffer.from(text)].map((byte) => Buffer.from([byte])),
              words,
            ),
          ).toBe(expected);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('leaves no secret at a thousand random chunkings', () => {
    const words = [alphanumeric(25), alphanumeric(50), alphanumeric(8)];
    const parts = Array.from({ length: 60 }, (_, index) => `${'.'.repeat(index % 7)}${words[index % 3]}`);
    const bytes = Buffer.from(parts.join(''));
    const expected = parts
      .map((part, index) => part.replace(words[index % 3] as string, `[${index % 3}]`))
      .join('');
    for (let round = 0; round < 1000; round += 1) {
      const cuts = Array.from({ length: randomInt(1, 200) }, () => randomInt(bytes.length + 1));
      expect(maskedIn(chunksOf(bytes, cuts), words)).toBe(expected);
    }
  });

  it('passes any bytes that hold no secret, and holds back only what may be the beginning of one', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 30 }), { maxLength: 10 }), (chunks) => {
        const masker = maskerFor(['secret-one', 'secret-two']);
        const all = Buffer.concat(chunks);
        const out: Buffer[] = [];
        let taken = 0;
        for (const chunk of chunks) {
          out.push(...masker.push(Buffer.from(chunk)));
          taken += chunk.length;
          const held = all.subarray(masker.passed, taken).toString('latin1');
          expect('secret-one'.startsWith(held) || 'secret-two'.startsWith(held)).toBe(true);
        }
        expect(Buffer.concat([...out, ...masker.end()]).equals(all)).toBe(true);
      }),
    );
  });

  it('prefers the longest of those that begin at one place, and the leftmost of those that overlap', () => {
    const words = ['abcd', 'abcdefgh', 'cdefghij', 'ghijklmn'];
    expect(maskedIn([Buffer.from('-abcdefghij-')], words)).toBe('-[1]ij-');
    expect(maskedIn([Buffer.from('-abcdefg-')], words)).toBe('-[0]efg-');
    expect(maskedIn([Buffer.from('-xcdefghijklmn')], words)).toBe('-x[2]klmn');
  });

  it('shows half of a secret at most to a reader of one that is written slowly', () => {
    const secret = alphanumeric(25);
    const masker = maskerFor([secret]);
    const seen = [...`(${secret})`].map((letter) => {
      const parts = [...masker.push(Buffer.from(letter)), ...masker.release()];
      return Buffer.concat(parts).toString();
    });
    expect(seen.join('')).toBe(`(${secret.slice(0, 12)}[0])`);
    expect(seen.slice(0, 13).join('')).toBe(`(${secret.slice(0, 12)}`);
  });

  it('gives every byte once where what was let go turns out to be no secret', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.constantFrom('Q', 'Qz', 'Qz7', '.', 'z7'), fc.boolean())), (steps) => {
        const masker = maskerFor(['Qz7bcdefgh', 'z7Qz7Qz7Qzzzzz']);
        const out = steps.flatMap(([text, isPause]) => [
          ...masker.push(Buffer.from(text)),
          ...(isPause ? masker.release() : []),
        ]);
        fc.pre(
          !steps
            .map(([text]) => text)
            .join('')
            .includes('z7Qz7Qz'),
        );
        expect(Buffer.concat([...out, ...masker.end()]).toString()).toBe(
          steps.map(([text]) => text).join(''),
        );
      }),
    );
  });

  it('replaces what is added between any two chunks, from the next one on', () => {
    fc.assert(
      fc.property(fc.nat(20), fc.nat(6), (cut, shown) => {
        const replacements = new Replacements(formsFor(['old-secret']));
        const masker = new Masker(replacements);
        const text = Buffer.from('old-secret new-secret old-secret');
        const out = [...masker.push(text.subarray(0, shown))];
        replacements.add([{ bytes: Buffer.from('new-secret'), mark: '[new]' }, ...formsFor(['old-secret'])]);
        const places = [shown, Math.max(shown, cut), text.length];
        for (const [from, to] of [places.slice(0, 2), places.slice(1)])
          out.push(...masker.push(text.subarray(from, to)));
        expect(Buffer.concat([...out, ...masker.end()]).toString()).toBe('[0] [new] [0]');
      }),
    );
  });

  it('shows no second half of a secret that begins with another, written with pauses', () => {
    const slowly = (words: readonly string[], ...steps: string[]) => {
      const masker = maskerFor(words);
      const out = steps.map((text) =>
        Buffer.concat([...masker.push(Buffer.from(text)), ...masker.release()]).toString(),
      );
      return [...out, Buffer.concat(masker.end()).toString()];
    };
    const words = ['abcdefghijklmnopqrst', 'abcde'];
    // A secret that is complete when a pause comes counts for itself first.
    expect(slowly(words, 'x', 'abc', 'de', 'fghi', 'jkl', 'mnopqrst', 'y')).toEqual([
      'x',
      '[1]',
      '',
      'fghi',
      '',
      '',
      'y',
      '',
    ]);
    expect(slowly(words, 'abcde', 'fg-')).toEqual(['[1]', 'fg-', '']);
    expect(slowly(words, 'abcdefg', 'h', '-abcde')).toEqual(['[1]fg', 'h', '-[1]', '']);
    expect(slowly(words, 'abcdefghij', 'klmnopqrst')).toEqual(['[0]', '', '']);
    // The longer one goes on past the end of the shorter.
    expect(slowly(['abcdefghij', 'abcdefghijklmn'], 'abcdefghij', 'kl', 'mn', '!')).toEqual([
      '[0]',
      '[1]',
      '',
      '!',
      '',
    ]);
    // Another secret within, which is out when the longer one comes to its end.
    expect(slowly(['0123456789abcdefghijklmnop', '4567'], '012', '345678', '9abcdefghijklmnop')).toEqual([
      '012',
      '3[1]8',
      '[0]',
      '',
    ]);
  });

  it('shows half of a secret at most, whatever others there are in it, and wherever it pauses', () => {
    fc.assert(
      fc.property(
        letters(12, 30),
        fc.array(fc.tuple(fc.nat(20), fc.integer({ min: 4, max: 20 })), { maxLength: 3 }),
        fc.array(fc.nat(30), { maxLength: 6 }),
        (secret, parts, cuts) => {
          const inner = parts
            .map(([at, length]) => secret.slice(at, at + length))
            .filter(({ length }) => length >= 4);
          const words = [...new Set([secret, ...inner])];
          const masker = maskerFor(words);
          const out: string[] = [];
          for (const chunk of chunksOf(
            Buffer.from(secret),
            cuts.filter((cut) => cut <= secret.length),
          ))
            out.push(Buffer.concat([...masker.push(Buffer.from(chunk)), ...masker.release()]).toString());
          out.push(Buffer.concat(masker.end()).toString());
          const shown = out.join('').replace(/\[\d\]/g, '');
          expect(shown.length * 2).toBeLessThan(secret.length + 1);
        },
      ),
      { numRuns: 5000 },
    );
  });

  it('counts what is out, or replaced', () => {
    const masker = maskerFor(['abcdefgh']);
    const passed = (text: string) => {
      masker.push(Buffer.from(text));
      return masker.passed;
    };
    expect([passed('--'), passed('-abc'), passed('defgh'), passed('-ab')]).toEqual([2, 3, 11, 12]);
    masker.release();
    expect([masker.passed, passed('c'), passed('-')]).toEqual([14, 14, 16]);
  });

  it('marks a secret once that is written slowly, and the next one again', () => {
    const slowly = (...steps: string[]) => {
      const masker = maskerFor(['abcdefgh']);
      return steps.map((text) => {
        const parts = masker.push(Buffer.from(text.replace('|', '')));
        return Buffer.concat([...parts, ...(text.endsWith('|') ? masker.release() : [])]).toString();
      });
    };
    expect(slowly('abcde|', 'fgh', 'abcdefgh')).toEqual(['[0]', '', '[0]']);
    expect(slowly('abcde|', '-abcdefgh')).toEqual(['[0]', '-[0]']);
    expect(slowly('abcde|', '-abc', 'defgh')).toEqual(['[0]', '-', '[0]']);
    expect(slowly('abcde|', 'f|', 'gh-')).toEqual(['[0]', '', '-']);
  });

  it('gives the same where there is room in front of a chunk, and writes over no more than that room', () => {
    const word = 'abcdefgh';
    const text = Buffer.from(`-${word}${word.slice(0, 5)}${word}--ab`);
    for (let first = 0; first <= text.length; first += 1) {
      for (let room = 0; room <= word.length; room += 1) {
        const memory = Buffer.alloc(3 + room + text.length - first, 0x21);
        const chunk = memory.subarray(3 + room);
        text.copy(chunk, 0, first);
        const masker = maskerFor([word]);
        const head = masker.push(Buffer.from(text.subarray(0, first)));
        const out = Buffer.concat([...head, ...masker.push(chunk, room), ...masker.end()]);
        expect(out.toString()).toBe('-[0]abcde[0]--ab');
        expect(memory.toString('latin1', 0, 3)).toBe('!!!');
      }
    }
  });
});
