import { describe, expect, it } from 'vitest';
import { collectFields } from '../../src/intake/collect.ts';
import { readPython } from '../../src/intake/python.ts';
import { readText } from '../../src/intake/read.ts';
import { generatedKeys } from '../support/credentials.ts';

const keys = generatedKeys();
const valuesOf = (text: string, read = readText) =>
  Object.fromEntries([...collectFields(read(text)).fields].map(([name, secret]) => [name, secret.reveal()]));

describe('standard input', () => {
  it('is read as dotenv lines', () => {
    const text = `# keys\nexport CONSUMER_KEY = "${keys.api_key}" # mine\nConsumer_Secret_Key='${keys.api_secret}'\r\n\nACCESS_TOKEN=${keys.access_token}\n`;
    expect(valuesOf(text)).toEqual({
      api_key: keys.api_key,
      api_secret: keys.api_secret,
      access_token: keys.access_token,
    });
  });

  it('is read as JSON, flat or one level down, by any name', () => {
    expect(valuesOf(JSON.stringify(keys))).toEqual(keys);
    expect(valuesOf(`\ufeff\n${JSON.stringify({ twitter: { consumerKey: keys.api_key }, n: 1 })}`)).toEqual({
      api_key: keys.api_key,
    });
  });

  it('never quotes broken input', () => {
    expect(() => readText(`{"api_key": "${keys.api_key}`)).toThrow(
      expect.not.objectContaining({ message: expect.stringContaining(keys.api_key) }),
    );
  });

  it('refuses one field given twice with different values, and takes the same value twice', () => {
    const twice = `API_KEY=${keys.api_key}\nCONSUMER_KEY=`;
    expect(() => valuesOf(`${twice}${generatedKeys().api_key}`)).toThrow(
      'API_KEY and CONSUMER_KEY both give api_key',
    );
    expect(valuesOf(`${twice}${keys.api_key}`)).toEqual({ api_key: keys.api_key });
  });

  it('says which names mean no field', () => {
    expect(collectFields(readText(`CONSUMER_KEY=${keys.api_key}\nOPENAI_API_KEY=x`)).ignored).toEqual([
      'OPENAI_API_KEY',
    ]);
    expect(() => valuesOf('OPENAI_API_KEY=x')).toThrow('no value for any field');
    expect(() => valuesOf('')).toThrow('no value for any field');
    expect(() => valuesOf('[1]')).toThrow('no value for any field');
  });
});

describe('a Python file', () => {
  it('is read for its plain assignments, as the tutorial writes them', () => {
    const text = [
      '# Variables that contain the user credentials to access Twitter API',
      `ACCESS_TOKEN = "${keys.access_token}"`,
      `ACCESS_TOKEN_SECRET='${keys.access_token_secret}'  # secret`,
      `consumer_key: str = u"${keys.api_key}"`,
      'CONSUMER_SECRET = "old-value-that-is-overwritten"',
      `    CONSUMER_SECRET = r'''${keys.api_secret}''';`,
      `#CONSUMER_KEY = "${generatedKeys().api_key}"`,
      'OTHER = call("text")',
    ].join('\r\n');
    expect(valuesOf(text, readPython)).toEqual(keys);
  });
});
