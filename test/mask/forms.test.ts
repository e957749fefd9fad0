import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { Masker } from '../../src/mask/masker.ts';
import { Replacements } from '../../src/mask/replacements.ts';
import { maskingOf } from '../../src/mask/secrets.ts';
import { changed, emptyProfile } from '../../src/profile/profile.ts';
import { Secret } from '../../src/profile/secret.ts';
import { alphanumeric, bearerToken, generatedKeys, oauth2Token } from '../support/credentials.ts';
import { has } from '../support/tools.ts';

const NASTY = `Tr0ub4dor & "3'\\/<x>+%$1\`é!(*)~ü€😀=;,y`;
const LINES = `-----BEGIN KEY-----\n${alphanumeric(60)}\n${alphanumeric(30)}\n-----END KEY-----`;

function masked(value: string, output: string): string {
  const profile = changed(emptyProfile('me'), { extras: new Map([['PASSWORD', new Secret(value)]]) });
  const masker = new Masker(new Replacements(maskingOf([profile]).forms));
  return Buffer.concat([...masker.push(Buffer.from(output)), ...masker.end()]).toString();
}

const MARK = '[me/PASSWORD]';
const BLANKS: Record<string, string> = { '\n': '\\n', '\t': '\\t', '\r': '\\r' };
const inAscii = (text: string, characters: RegExp): string =>
  text.replace(characters, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
const upperHex = (text: string): string =>
  text.replace(/\\u[0-9a-f]{4}/g, (code) => `\\u${code.slice(2).toUpperCase()}`);

describe('the forms of a value that are masked', () => {
  const VALUES = [
    NASTY,
    'tab\tand\r\nlines\u2028 <here>',
    alphanumeric(25),
    'AAAAAAAAAAAAAAAA%2Bzz/Z+=9z',
    LINES,
    'exactly8',
  ];
  const WRITERS: Record<string, (value: string) => string> = {
    'as it is': String,
    encodeURIComponent,
    encodeURI,
    'a form': (value) => new URLSearchParams({ a: value }).toString().slice(2),
    'the query of a URL': (value) => {
      const url = new URL('http://x/');
      url.searchParams.set('a', value);
      return url.search.slice(3);
    },
    'percent encoding in lower case': (value) =>
      encodeURIComponent(value).replace(/%../g, (hex) => hex.toLowerCase()),
    base64: (value) => Buffer.from(value).toString('base64'),
    base64url: (value) => Buffer.from(value).toString('base64url'),
    JSON: (value) => JSON.stringify(value).slice(1, -1),
    'JSON in JSON': (value) => JSON.stringify(JSON.stringify(value)).slice(3, -3),
    'JSON in ASCII': (value) => inAscii(JSON.stringify(value), /[\u007f-\uffff]/g).slice(1, -1),
    'JSON in ASCII, in upper case': (value) =>
      upperHex(inAscii(JSON.stringify(value), /[\u007f-\uffff]/g)).slice(1, -1),
    'JSON that is safe in HTML': (value) =>
      inAscii(JSON.stringify(value), /[<>&'\u2028\u2029]/g).slice(1, -1),
    'JSON that is safe in HTML, in upper case': (value) =>
      upperHex(inAscii(JSON.stringify(value), /[<>&'\u2028\u2029]/g)).slice(1, -1),
    "a shell's double quotes": (value) => value.replace(/["$`\\]/g, (character) => `\\${character}`),
    "a shell's double quotes with history": (value) =>
      value.replace(/["$`\\!]/g, (character) => `\\${character}`),
    "a shell's backslashes": (value) =>
      value.replace(/[\s'"\\|&;()<>!{}*[\]?^$`]/g, (character) => `\\${character}`),
    "a shell's $'...'": (value) =>
      value.replace(/[\\'\n\t\r]/g, (character) => BLANKS[character] ?? `\\${character}`),
    'JSON with escaped slashes': (value) => JSON.stringify(value).slice(1, -1).replaceAll('/', '\\/'),
  };

  it.each(Object.entries(WRITERS))('%s', (_, write) => {
    for (const value of VALUES) expect(masked(value, `<${write(value)}>`)).toBe(`<${MARK}>`);
  });

  it('base64 of a text that it is a part of, wherever it begins', () => {
    for (const value of VALUES) {
      for (let before = 0; before < 7; before += 1) {
        const text = Buffer.concat([randomBytes(before), Buffer.from(value), randomBytes(9)]);
        for (const encoding of ['base64', 'base64url'] as const) {
          const output = masked(value, text.toString(encoding));
          expect(output).toContain(MARK);
          // What is left belongs to the neighbours, but for a character at each end and the padding.
          expect(output.length - MARK.length).toBeLessThanOrEqual(Math.ceil(((before + 9) * 8) / 6) + 5);
        }
      }
    }
  });

  it('a pair as in Basic credentials', () => {
    const keys = generatedKeys();
    const fields = new Map(
      (['api_key', 'api_secret'] as const).map((name) => [name, new Secret(keys[name])]),
    );
    const profile = changed(emptyProfile('me'), { fields });
    const masker = new Masker(new Replacements(maskingOf([profile]).forms));
    const pair = Buffer.from(`${keys.api_key}:${keys.api_secret}`).toString('base64');
    const out = Buffer.concat([...masker.push(Buffer.from(`Basic ${pair}\n`)), ...masker.end()]);
    expect(out.toString()).toBe('Basic [me/api_key:api_secret]\n');
    const inLines = pair.replace(/.{76}(?=.)/g, '$&\n');
    expect(Buffer.concat([...masker.push(Buffer.from(inLines)), ...masker.end()]).toString()).toBe(
      '[me/api_key:api_secret]',
    );
  });

  it('one line of a value of several, and its lines on a terminal', () => {
    const [, line = ''] = LINES.split('\n');
    expect(masked(LINES, `got ${line}`)).toBe(`got ${MARK}`);
    expect(masked(LINES, 'got -----BEGIN KEY-----')).toBe('got -----BEGIN KEY-----');
    expect(masked(LINES, `got ${LINES.replaceAll('\n', '\r\n')}`)).toBe(`got ${MARK}`);
  });

  it('no client id, no value of a few characters', () => {
    const profile = changed(emptyProfile('me'), {
      fields: new Map([['client_id', new Secret('Q2xpZW50SWRPZlNvbWVCb3Q6MTpjaQabcd')]]),
      extras: new Map([['SHORT', new Secret('seven77')]]),
    });
    expect(maskingOf([profile])).toEqual({ forms: [], unmasked: ['SHORT'] });
  });

  it('no everyday word, in whatever case, and nothing of three characters', () => {
    const values = [
      'development',
      'Production',
      'LOCALHOST',
      'password',
      'undefined',
      '127.0.0.1',
      'disabled',
      'abcabcabcabc',
    ];
    const extras = new Map(values.map((value, at) => [`VALUE_${at}`, new Secret(value)]));
    expect(maskingOf([changed(emptyProfile('me'), { extras })])).toEqual({
      forms: [],
      unmasked: [...extras.keys()],
    });
    expect(masked('abcdabcd', 'abcdabcd')).toBe(MARK);
    const both = new Map([...extras, ['KEY', new Secret(alphanumeric(25))] as const]);
    expect(maskingOf([changed(emptyProfile('me'), { extras: both })]).unmasked).toEqual([...extras.keys()]);
  });

  it('of a parent its fields, and not its extras', () => {
    const keys = generatedKeys();
    const parent = changed(emptyProfile('parent'), {
      fields: new Map([['api_key', new Secret(keys.api_key)]]),
      extras: new Map([['OTHER', new Secret(keys.api_secret)]]),
    });
    const marks = maskingOf([emptyProfile('child'), parent]).forms.map(({ mark }) => mark);
    expect(new Set(marks)).toEqual(new Set(['[parent/api_key]']));
  });
});

const hasPython = has('python3', 'forms that Python writes');
const hasBash = has('bash', 'forms that bash writes');

describe('the forms that other languages write', () => {
  const PYTHON = `
import base64, json, shlex, sys, urllib.parse as u
v = sys.argv[1]
for form in (json.dumps(v), json.dumps(v, ensure_ascii=False), u.quote(v), u.quote(v, safe=""), u.quote(v, safe="~"), u.quote_plus(v),
             u.quote(u.quote(v, safe="")), shlex.quote(v), base64.b64encode(v.encode()).decode(), base64.urlsafe_b64encode(v.encode()).decode()):
    print(form)`;

  it.skipIf(!hasPython)('Python', () => {
    for (const value of [NASTY, alphanumeric(25), `it's "quoted" 1/2 \\`]) {
      const { stdout } = spawnSync('python3', ['-c', PYTHON, value], {
        encoding: 'utf8',
        env: { ...process.env, PYTHONIOENCODING: 'utf8' },
      });
      const lines = stdout.trim().split('\n');
      expect(lines).toHaveLength(10);
      for (const line of lines) expect(masked(value, line)).toMatch(/^["']?\[me\/PASSWORD\]["']?$/);
    }
  });

  it.each([
    ['base64'],
    ['openssl', 'base64'],
    ['openssl', 'base64', '-A'],
    [
      'python3',
      '-c',
      'import base64, sys; sys.stdout.buffer.write(base64.encodebytes(sys.stdin.buffer.read()))',
    ],
  ])('%s %s %s, which break lines', (file, ...args) => {
    if (!has(file, `forms that ${file} writes`)) return;
    for (const value of [alphanumeric(50), bearerToken(), oauth2Token(), LINES]) {
      const { stdout } = spawnSync(file, args, { input: value, encoding: 'utf8' });
      expect(masked(value, stdout)).toBe(stdout.endsWith('\n') ? `${MARK}\n` : MARK);
      expect(masked(value, stdout.replaceAll('\n', '\r\n')).trim()).toBe(MARK);
    }
  });

  it.skipIf(!hasBash)('bash: %q, @Q and set -x', () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the shell's
    const script = 'printf "%q\\n" "$1"; printf "%s\\n" "${1@Q}"; set -x; : "$1"';
    for (const value of [
      `Tr0ub4dor & "3'\\/<x>+%$1\`!(*)~=;,y`,
      alphanumeric(25),
      `it's got $5`,
      'tab\there7',
    ]) {
      const { stdout, stderr } = spawnSync('bash', ['-c', script, 'bash', value], {
        encoding: 'utf8',
        env: { ...process.env, LC_ALL: 'C.UTF-8' },
      });
      for (const line of [...stdout.trim().split('\n'), stderr.trim().replace('+ : ', '')]) {
        expect(masked(value, line)).toMatch(/^[$'"]{0,2}\[me\/PASSWORD\]['"]?$/);
      }
    }
  });
});
