import { describe, expect, it } from 'vitest';
import { createScanner } from '../../src/scan/scanner.ts';
import { plantedCorpus, quietCorpus } from './corpus.ts';

const scanner = createScanner({ fingerprints: [] });

function found(text: string): string[] {
  const bytes = Buffer.from(text);
  return scanner.scan(bytes).map(({ offset, length }) => bytes.toString('latin1', offset, offset + length));
}

describe('what has the shape and the surroundings of a credential', () => {
  it.each(plantedCorpus())('is found: $name', ({ text, values }) => {
    const all = found(text);
    for (const value of values) expect(all.includes(value), text).toBe(true);
  });

  it.each(plantedCorpus())('is found in UTF-16 too: $name', ({ text, values }) => {
    const wide = Buffer.from(text, 'utf16le');
    expect(scanner.scan(wide).length).toBeGreaterThanOrEqual(values.length);
    expect(scanner.scan(Buffer.from(wide).swap16()).length).toBeGreaterThanOrEqual(values.length);
  });

  it.each(quietCorpus())('is not this: $name', ({ text }) => {
    expect(found(text), text).toEqual([]);
  });

  it('is not looked for in binary files', () => {
    const text = plantedCorpus()[0]?.text ?? '';
    const binary = Buffer.concat([Buffer.from([0, 1, 2, 255, 254, 7]), Buffer.from(text)]);
    expect(scanner.scan(binary)).toEqual([]);
  });
});

describe('hits', () => {
  it('never overlap, and come in order', () => {
    const text = plantedCorpus()
      .map((planted) => planted.text)
      .join('\n\n');
    let end = 0;
    for (const { offset, length } of scanner.scan(Buffer.from(text))) {
      expect(offset).toBeGreaterThanOrEqual(end);
      end = offset + length;
    }
    expect(end).toBeGreaterThan(0);
  });
});
