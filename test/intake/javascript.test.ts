import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { javascript } from '../../src/intake/javascript.ts';
import { spelled, values } from '../support/reading.ts';

const read = (text: string) => values(javascript.read(text));

describe('JavaScript and TypeScript', () => {
  it('reads declarations, exports and properties', () => {
    expect(
      read(
        [
          '// const a = "comment"',
          '/* const a = "comment"',
          '*/ const a = "x", b = \'y\';',
          'export const c: string = `z` as const;',
          'let d: Record<string, string> = { k: "typed" }',
          "module.exports = { consumer_key: 'k', \"quoted\": 'q', short, nested: { deep: 'd' }, ['computed']: 'c' };",
          "exports.e = 'e'",
          "config.brand['key'] = 'f'",
          "config['other']['key'] = 'F'",
          "export default { g: 'g' }",
          `const t = \`a$\{b + "inner"}\`; const tagged = html\`x\`;`,
          "const r = /['\"`]/.test(a) ? 'no' : 'no'; const q = a / b / 'no';",
          "const s = 'semicolon'",
          "const u = 'call'",
          '  .trim()',
          "process.env.ENV = 'env'",
          "const o = Object.freeze({ key: 'frozen' })",
        ].join('\n'),
      ),
    ).toEqual({
      a: 'x',
      b: 'y',
      c: 'z',
      'd/k': 'typed',
      consumer_key: 'k',
      quoted: 'q',
      'nested/deep': 'd',
      computed: 'c',
      e: 'e',
      'config/brand/key': 'f',
      'config/other/key': 'F',
      g: 'g',
      s: 'semicolon',
      ENV: 'env',
      'o/key': 'frozen',
    });
  });

  it('reads the members of enums, whatever they are called', () => {
    expect(
      read(
        [
          "enum Keys { ConsumerKey = 'k', 'consumer_secret' = `s`, ['token'] = \"t\", n = 1, }",
          "export const enum Brand { 'ConsumerKey' = 'b' }",
          "const { 'a': b = 'no' } = c; f('no'); list['i'] = 'item'",
        ].join('\n'),
      ),
    ).toEqual({
      'Keys/ConsumerKey': 'k',
      'Keys/consumer_secret': 's',
      'Keys/token': 't',
      'Brand/ConsumerKey': 'b',
      'list/i': 'item',
    });
  });

  it('knows classes and constructor calls', () => {
    expect(
      read(
        [
          "class Bot extends Base { static key = 'k'; #hidden: string = 'h';",
          "  constructor(x) { super(x); this.token = 't' } }",
          "const client = new TwitterApi({ appKey: 'a', appSecret: process.env.S || 's' });",
          "const other = new Twit({ consumer_key: 'c' })",
          "const apps = [{ k: '1' }, { k: '2' }]",
          "new TwitterApi('bearer')",
        ].join('\n'),
      ),
    ).toEqual({
      'Bot/key': 'k',
      'Bot/hidden': 'h',
      'Bot/token': 't',
      'TwitterApi/appKey': 'a',
      'TwitterApi/appSecret': 's',
      'Twit/consumer_key': 'c',
      'apps/0/k': '1',
      'apps/1/k': '2',
      'TwitterApi/bearer_token': 'bearer',
    });
  });

  it('tells two clients of one file apart', () => {
    const client = (name: string) => `const ${name} = new TwitterApi({ appKey: '${name}' });\n`;
    expect(read(client('a') + client('b'))).toEqual({
      'a/TwitterApi/appKey': 'a',
      'b/TwitterApi/appKey': 'b',
    });
  });

  it('takes an environment variable with its default as one expression', () => {
    const text =
      "const a = process.env.A1 ?? ('x' + 'y');\nconst b = process.env['B1'] || `z`\nf(process.env.LOOSE || 'l')";
    const found = javascript.read(text);
    expect(found.map(({ name, variable, secret }) => [name, variable, secret.reveal()])).toEqual([
      ['a', 'A1', 'xy'],
      ['b', 'B1', 'z'],
      ['LOOSE', 'LOOSE', 'l'],
    ]);
    expect(spelled(text, found).slice(0, 2)).toEqual([
      "process.env.A1 ?? ('x' + 'y')",
      "process.env['B1'] || `z`",
    ]);
  });

  it('reads objects as Node evaluates them', () => {
    const piece = fc.constantFrom(
      ...[
        'a',
        '\\n',
        '\\x41',
        '\\u0042',
        '\\u{1F600}',
        '\\0',
        '\\101',
        '\\\\',
        "\\'",
        '\\"',
        '\\`',
        '\\\n',
        '\\q',
        '"',
        "'",
        '`',
      ],
      ...['$', '{', '//', '/*', '\u2028', '\u00fc', '\\\r\n'],
    );
    const literal = fc
      .tuple(fc.constantFrom('"', "'", '`'), fc.array(piece))
      .map(([quote, pieces]) => quote + pieces.join('') + quote);
    const value = fc.array(literal, { minLength: 1, maxLength: 3 }).map((parts) => parts.join(' + '));
    let compared = 0;
    fc.assert(
      fc.property(fc.dictionary(fc.stringMatching(/^[a-z]{1,5}$/), value), (object) => {
        const members = Object.entries(object).map(([key, text]) => `${key}: ${text},`);
        const text = `x = { ${members.join('\n')} }`;
        let expected: Record<string, string>;
        try {
          expected = runInNewContext(text);
        } catch {
          return;
        }
        // A stray quote can make a comment or a quotient of what follows: then it is no text that is assigned.
        if (Object.values(expected).some((each) => typeof each !== 'string')) return;
        const found = javascript.read(text);
        const own = Object.fromEntries(found.map(({ name, secret }) => [name, secret.reveal()]));
        if (members.some((member) => member.includes('${'))) return;
        expect(own).toEqual({ ...expected });
        for (const { value: span, secret } of found) {
          expect(runInNewContext(`(${text.slice(span.start, span.end)})`)).toBe(secret.reveal());
        }
        compared += found.length;
      }),
      { numRuns: 1500 },
    );
    expect(compared).toBeGreaterThan(100);
  });
});
