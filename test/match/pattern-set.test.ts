import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PatternSet } from '../../src/match/pattern-set.ts';
import { findNaively } from './naive.ts';

const bytes = (text: string): Buffer => Buffer.from(text, 'latin1');
/** Few letters, so that patterns overlap, nest and repeat. */
const word = (minLength: number, maxLength: number) =>
  fc.array(fc.constantFrom('a', 'b', 'c'), { minLength, maxLength }).map((letters) => letters.join(''));
const patterns = fc.uniqueArray(fc.oneof(word(4, 8), word(4, 40)), { minLength: 1, maxLength: 8 });

describe('the pattern set', () => {
  it('finds what a naive search finds', () => {
    fc.assert(
      fc.property(
        patterns,
        fc.array(fc.oneof(word(0, 3), word(0, 40)), { maxLength: 20 }),
        (words, parts) => {
          const list = words.map(bytes);
          const set = new PatternSet(list);
          const text = bytes([...parts, words[0], ...parts].join(''));
          for (let from = 0; from <= text.length; from += 1) {
            const found = set.find(text, from, text.length);
            const expected = findNaively(list, text, from);
            // Equal patterns are ruled out, so the longest is one.
            expect(found).toEqual(expected);
          }
        },
      ),
      { numRuns: 400 },
    );
  });

  it('finds patterns of any bytes, and longer ones than its tables count', () => {
    const binary = fc.uint8Array({ minLength: 4, maxLength: 700 });
    fc.assert(
      fc.property(fc.array(binary, { minLength: 1, maxLength: 5 }), binary, (list, filler) => {
        const set = new PatternSet(list);
        for (const pattern of list) {
          const text = Buffer.concat([filler, pattern, filler]);
          expect(set.find(text, 0, text.length)).toEqual(findNaively(list, text, 0));
        }
      }),
    );
  });

  it('looks at nothing outside the part that it is given', () => {
    const set = new PatternSet([bytes('needle'), bytes('needles')]);
    const text = bytes('xneedles');
    expect(set.find(text, 2, 8)).toBeUndefined();
    expect(set.find(text, 0, 6)).toBeUndefined();
    expect(set.find(text, 0, 7)).toEqual({ at: 1, pattern: 0 });
    expect(set.find(text, 0, 8)).toEqual({ at: 1, pattern: 1 });
  });

  it('says where a pattern may have begun, as a naive look at every place does', () => {
    fc.assert(
      fc.property(patterns, word(0, 60), (words, text) => {
        const set = new PatternSet(words.map(bytes));
        const isOpen = (at: number) =>
          words.some((one) => one.length > text.length - at && one.startsWith(text.slice(at)));
        let expected = 0;
        while (expected < text.length && !isOpen(expected)) expected += 1;
        expect(set.firstOpen(bytes(text), 0, text.length)).toBe(expected);
      }),
    );
  });

  it('refuses patterns that it cannot look for', () => {
    expect(() => new PatternSet([bytes('abc')])).toThrow(new RangeError('a pattern is shorter than a block'));
  });
});
