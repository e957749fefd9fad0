import { describe, expect, it } from 'vitest';
import { cleanExtra, cleanField } from '../../src/profile/clean.ts';
import { Secret } from '../../src/profile/secret.ts';
import { looksLikeCredential, shapeWarnings } from '../../src/profile/shape.ts';
import { alphanumeric, clientId, generatedKeys } from '../support/credentials.ts';

const key = alphanumeric(25);

describe('cleaning', () => {
  it.each([
    [`  ${key}\t\n`, ['white space']],
    [`"${key}"`, ['quotes']],
    [`' ${key} '`, ['quotes', 'white space']],
    [`\u201c${key}\u201d`, ['smart quotes']],
    [`\u2018${key}\u2019`, ['smart quotes']],
    [`{${key}}`, ['braces']],
    [`\ufeff${key}`, ['invisible characters']],
    [key, []],
  ])('takes off what is not the value (%#)', (text, removed) => {
    const cleaned = cleanField('api_key', text);
    expect(cleaned.secret.reveal()).toBe(key);
    expect(cleaned.removed).toEqual(removed);
  });

  it.each([
    '',
    '   ',
    '""',
    'YOUR_CONSUMER_KEY',
    'your-api-key-here',
    'xxx',
    'xxxxxxxxxxxxxxxxxxxxxxxxx',
    'AAAAAAAAAAAAAAAAAAAAAAAAA',
    '*****',
    '#####',
    '...',
    'abc...xyz',
    '<consumer key>',
    '[api key]',
    '{{ api_key }}',
    '$API_KEY',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a placeholder as people write them
    '${API_KEY}',
    '<%= ENV["KEY"] %>',
    '%API_KEY%',
    'REDACTED',
    'CHANGEME',
    'insert_key',
    'paste your key',
    'tu_clave_aqui',
    'consumer_key',
    'CONSUMER_KEY',
    'apiKey',
    'None',
    'null',
  ])('refuses the placeholder %j', (text) => {
    expect(() => cleanField('api_key', text)).toThrow(/is empty|is a placeholder/);
  });

  it('never repeats a value in a refusal', () => {
    const value = `${key} ${key}`;
    expect(() => cleanField('api_key', value)).toThrow(
      expect.not.objectContaining({ message: expect.stringContaining(key) }),
    );
    expect(() => cleanField('api_key', value)).toThrow(/white space/);
  });

  it('takes a real key for one, whatever word occurs in it', () => {
    const value = `your${alphanumeric(21)}`;
    expect(cleanField('api_key', value).secret.reveal()).toBe(value);
  });

  it('refuses the browser cookies that Rettiwt keeps as API_KEY', () => {
    const cookies = Buffer.from(`auth_token=${alphanumeric(40)};ct0=${alphanumeric(32)};`).toString('base64');
    expect(() => cleanField('api_key', cookies)).toThrow(/cookie/);
  });

  it('leaves an extra as it is, but for the final line end', () => {
    expect(cleanExtra('PEM', ' "line"\nline\n').secret.reveal()).toBe(' "line"\nline');
    expect(() => cleanExtra('PEM', '\n')).toThrow(/empty/);
    expect(() => cleanExtra('PEM', 'a\0b')).toThrow(/NUL/);
  });
});

describe('shapes', () => {
  const keys = generatedKeys();
  const warningsOf = (values: Partial<typeof keys> & Record<string, string>) =>
    shapeWarnings(
      new Map(Object.entries(values).map(([name, value]) => [name as keyof typeof keys, new Secret(value)])),
    );

  it('says nothing of values as X issues them', () => {
    expect(warningsOf(keys)).toEqual([]);
  });

  it('names a swapped pair', () => {
    const swapped = { ...keys, api_key: keys.api_secret, api_secret: keys.api_key };
    expect(warningsOf(swapped)).toEqual(['api_key and api_secret look swapped']);
  });

  it('says how long an odd value is, and nothing else of it', () => {
    const [warning = ''] = warningsOf({ api_key: 'short' });
    expect(warning).toMatch(/api_key .*5 characters/);
    expect(warning).not.toContain('short');
  });

  it('recognises an OAuth 2.0 client id in the place of an API key', () => {
    const id = clientId();
    expect(warningsOf({ api_key: id })).toEqual(['api_key holds an OAuth 2.0 client id, not a api_key']);
  });

  it('notices one value given twice', () => {
    expect(
      warningsOf({
        ...keys,
        access_token_secret: keys.api_secret.slice(0, 45),
        api_secret: keys.api_secret.slice(0, 45),
      }),
    ).toEqual(['api_secret and access_token_secret hold the same value']);
  });

  it('tells credentials from names', () => {
    for (const value of Object.values(keys)) expect(looksLikeCredential(value)).toBe(true);
    for (const name of [
      'personal',
      'companyproductionaccount',
      'TWITTER_ACCESS_TOKEN_SECRET',
      '12345678901234567890',
    ]) {
      expect(looksLikeCredential(name)).toBe(false);
    }
  });
});
