import { describe, expect, it } from 'vitest';
import { FIELDS } from '../../src/profile/fields.ts';
import { linesWith, Tokens } from './tokens.ts';

describe('tokens of the import corpus', () => {
  it('have the shape of their field, and differ from set to set and from case to case', () => {
    const [one, other] = [new Tokens('one'), new Tokens('other')];
    for (const { name, shape } of FIELDS) {
      const values = [one.value(`${name}:a`), one.value(`${name}:b`), other.value(`${name}:a`)];
      for (const value of values) expect(value, name).toMatch(shape);
      expect(new Set(values).size, name).toBe(3);
      expect(new Tokens('one').value(`${name}:a`), name).toBe(values[0]);
    }
  });

  it('begin an access token with the account of its set', () => {
    const tokens = new Tokens('accounts');
    const id = tokens.value('account_id:a');
    expect(id).toMatch(/^[1-9]\d{7,18}$/);
    expect(tokens.value('access_token:a').startsWith(`${id}-`)).toBe(true);
    expect(tokens.value('access_token:a.second').startsWith(`${id}-`)).toBe(true);
    expect(tokens.value('access_token:a.second')).not.toBe(tokens.value('access_token:a'));
    expect(tokens.value('account_id:b')).not.toBe(id);
  });

  it('fill a text, whole or in parts, and are found by line', () => {
    const tokens = new Tokens('text');
    const text = 'k = (\n"@@api_key:a[:10]@@"\n"@@api_key:a[10:]@@"\n)';
    expect(tokens.fill(text).replace(/[\n"]/g, '')).toBe(`k = (${tokens.value('api_key:a')})`);
    expect(linesWith(text, 'api_key:a')).toEqual([2, 3]);
    expect(tokens.label(tokens.value('api_key:a'))).toBe('api_key:a');
    expect(() => tokens.fill('@@api_kye:a@@')).toThrow('api_kye');
  });
});
