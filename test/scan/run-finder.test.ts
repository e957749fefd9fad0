import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ByteKinds, SOLID_KINDS, TOKEN_KINDS, UNJOINED_KINDS } from '../../src/scan/byte-kinds.ts';
import { RunFinder, type RunsWanted } from '../../src/scan/run-finder.ts';

type Run = [start: number, end: number, kinds: number];

const CLASSES = { tokens: TOKEN_KINDS, solids: SOLID_KINDS, unjoined: UNJOINED_KINDS };
const classes = fc.constantFrom(...Object.values(CLASSES));

/** Words of the class and of what ends runs, so that there are runs of any length at any place. */
const texts = fc
  .array(
    fc.tuple(
      fc.constantFrom('a', 'Z', '7', '_', '%', '\xff', '\x80', '\x7f', ' ', '\n', '\0', '{', 'aB3'),
      fc.oneof(fc.nat(300), fc.constantFrom(15, 16, 17, 31, 32, 33)),
    ),
    { maxLength: 40 },
  )
  .map((parts) => Buffer.from(parts.map(([text, count]) => text.repeat(count)).join(''), 'latin1'));

describe('runs of bytes of a class', () => {
  it('are those that a look at every byte finds, in short and long texts', () => {
    fc.assert(
      fc.property(
        texts,
        classes,
        fc.integer({ min: 1, max: 60 }),
        fc.nat(40),
        (bytes, kinds, shortest, cut) => {
          const [from, to] = [
            Math.min(cut, bytes.length),
            Math.max(Math.min(cut, bytes.length), bytes.length - cut),
          ];
          expect(runsOf(bytes, from, to, { kinds, shortest })).toEqual(
            everyByte(bytes, from, to, kinds, shortest),
          );
        },
      ),
      { numRuns: 3000 },
    );
  });

  it('are told by their kinds', () => {
    fc.assert(
      fc.property(
        texts,
        classes,
        fc.constantFrom(4, 12, 16, 20),
        fc.nat(63),
        (bytes, kinds, shortest, mask) => {
          const isWanted = (found: number): boolean => (found & mask) !== 0;
          expect(runsOf(bytes, 0, bytes.length, { kinds, shortest, isWanted })).toEqual(
            everyByte(bytes, 0, bytes.length, kinds, shortest).filter(([, , found]) => isWanted(found)),
          );
        },
      ),
      { numRuns: 2000 },
    );
  });

  it.each(Object.entries(CLASSES))('%s: each of the 256 bytes ends a run, or does not', (_, kinds) => {
    for (let byte = 0; byte < 256; byte += 1) {
      const bytes = Buffer.alloc(2000, 'a');
      bytes[301] = byte;
      expect(runsOf(bytes, 0, 2000, { kinds, shortest: 20 })).toEqual(everyByte(bytes, 0, 2000, kinds, 20));
    }
  });

  it.each([
    [
      'tokens',
      TOKEN_KINDS,
      { a: 1, Z: 2, 7: 4, _: 8, '~': 8, '%': 16, "'": 16, '{': 0, ' ': 0, '\x7f': 0, é: 0 },
    ],
    [
      'solids',
      SOLID_KINDS,
      { a: 1, Z: 2, 7: 4, _: 8, '~': 8, '%': 16, "'": 16, '{': 32, ' ': 0, '\x7f': 0, é: 32 },
    ],
    [
      'unjoined',
      UNJOINED_KINDS,
      { a: 1, Z: 2, 7: 4, _: 0, '~': 8, '%': 16, "'": 16, '{': 0, ' ': 0, '^': 0, '`': 0 },
    ],
  ])('%s: letters, digits, marks, escapes and others are of their kinds', (_, kinds, expected) => {
    for (const [character, kind] of Object.entries(expected)) {
      const run = Buffer.from(character.repeat(30), 'latin1');
      expect([character, runsOf(run, 0, 30, { kinds, shortest: 20 })]).toEqual([
        character,
        kind === 0 ? [] : [[0, 30, kind]],
      ]);
    }
  });

  it('of the shortest length, as many as a text can have', () => {
    const bytes = Buffer.from(`${'k'.repeat(16)} `.repeat(100_000));
    const wanted = { kinds: TOKEN_KINDS, shortest: 16 };
    expect(runsOf(bytes, 0, bytes.length, wanted)).toEqual(
      everyByte(bytes, 0, bytes.length, TOKEN_KINDS, 16),
    );
  });

  it('may be looked for while others are visited', () => {
    const bytes = Buffer.from(`${'word_'.repeat(20)} ${'other'.repeat(80)} `.repeat(3));
    const outer = new RunFinder({ kinds: TOKEN_KINDS, shortest: 16 });
    const inner = new RunFinder({ kinds: UNJOINED_KINDS, shortest: 16 });
    const seen: Run[] = [];
    outer.forEach(bytes, 0, bytes.length, (...run) => {
      seen.push(run);
      inner.forEach(bytes, 0, bytes.length, () => {});
    });
    expect(seen).toEqual(everyByte(bytes, 0, bytes.length, TOKEN_KINDS, 16));
  });

  it('of several megabytes are found whole', () => {
    const bytes = Buffer.concat([Buffer.from(' '), Buffer.alloc(3_000_000, 'k'), Buffer.from(' \n')]);
    expect(runsOf(bytes, 0, bytes.length, { kinds: TOKEN_KINDS, shortest: 18 })).toEqual([[1, 3_000_001, 1]]);
  });
});

function runsOf(bytes: Uint8Array, from: number, to: number, wanted: RunsWanted): Run[] {
  const runs: Run[] = [];
  new RunFinder(wanted).forEach(bytes, from, to, (...run) => runs.push(run));
  return runs;
}

function everyByte(bytes: Uint8Array, from: number, to: number, table: ByteKinds, shortest: number): Run[] {
  const runs: Run[] = [];
  let [start, kinds] = [from, 0];
  for (let at = from; at <= to; at += 1) {
    const kind = at < to ? (table[bytes[at] as number] as number) : 0;
    if (kind !== 0) kinds |= kind;
    else {
      if (at - start >= shortest && at > start) runs.push([start, at, kinds]);
      [start, kinds] = [at + 1, 0];
    }
  }
  return runs;
}
