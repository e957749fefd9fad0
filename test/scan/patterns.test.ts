import { randomInt } from 'node:crypto';
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

describe('a value without a digit', () => {
  const letters = (length: number): string =>
    Array.from({ length }, () => 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'[randomInt(52)]).join(
      '',
    );

  it.each([
    ['CONSUMER_KEY = "{}"', 25],
    ["consumer_key: '{}'", 22],
    ['{"twitter": {"api_secret": "{}"}}', 50],
    ['TWITTER_ACCESS_TOKEN_SECRET={}', 45],
  ])('is found where its name and its length say it: %s', (text, length) => {
    // Some look like words by chance: of these 200, far fewer than every fourth.
    const values = Array.from({ length: 200 }, () => letters(length));
    const missed = values.filter((value) => found(text.replace('{}', value))[0] !== value);
    expect(missed.length).toBeLessThan(50);
  });

  it('is not looked for in other lengths and places', () => {
    for (let round = 0; round < 200; round += 1) {
      expect(found(`CONSUMER_KEY = "${letters(24)}"`)).toEqual([]);
      expect(found(`twitter.name = "${letters(25)}"\n${letters(45)} ${letters(50)}`)).toEqual([]);
    }
  });

  it('is not the name of something', () => {
    for (const name of [
      'readApiKeyFromSettingFile',
      'XMLHttpRequestURLFactoryX',
      'parseHTMLOrXMLOrJSONOrCSV',
    ])
      expect(found(`twitter.consumerKey = ${name};\nCONSUMER_KEY = "${name}"`)).toEqual([]);
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
