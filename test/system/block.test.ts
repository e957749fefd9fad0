import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Block } from '../../src/system/block.ts';

const BLOCK = new Block('test');
const LINES = ['one', '  two'];

/** A file's lines, with or without an end, and where a block could go: at the beginning of a line or the end. */
const file = fc
  .array(fc.stringMatching(/^[a-z ]{0,4}$/), { maxLength: 5 })
  .chain((lines) =>
    fc.tuple(fc.constantFrom('\n', '\r\n'), fc.boolean(), fc.nat(lines.length), fc.constant(lines)),
  )
  .map(([end, hasEnd, before, lines]) => {
    const text = lines.join(end) + (hasEnd && lines.length > 0 ? end : '');
    const at = lines.slice(0, before).reduce((sum, line) => sum + line.length + end.length, 0);
    return { text, at: Math.min(at, text.length) };
  })
  .filter(({ text, at }) => at === 0 || at === text.length || text[at - 1] === '\n');

describe('a block', () => {
  it('comes out again and leaves every byte as it was', () => {
    fc.assert(
      fc.property(file, fc.constantFrom('', '  '), ({ text, at }, indent) => {
        const changed = BLOCK.putInto(text, { at, indent }, LINES);
        expect(BLOCK.isIn(changed)).toBe(true);
        expect(BLOCK.takeOutOf(changed)).toEqual({ text, isNew: text === '' });
      }),
    );
  });

  it('joins no lines of others that came after it', () => {
    const changed = BLOCK.putInto('first', { at: 5, indent: '' }, LINES);
    expect(BLOCK.takeOutOf(`${changed}second\n`)?.text).toBe('first\nsecond\n');
    expect(BLOCK.takeOutOf(changed, ['instead'])?.text).toBe('first\ninstead\n');
  });

  it('is told from one with another name', () => {
    const other = new Block('other').putInto('', { at: 0, indent: '' }, LINES);
    expect(BLOCK.isIn(other)).toBe(false);
    expect(BLOCK.takeOutOf(other)).toBeNull();
  });
});
