import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { python } from '../../src/intake/python.ts';
import { generatedKeys } from '../support/credentials.ts';
import { spelled, values } from '../support/reading.ts';
import { has } from '../support/tools.ts';

/** `a = TEXT` is one value that all of the text stands for. */
function expectWhole(text: string, variable: string | undefined, value: string): void {
  const found = python.read(`a = ${text}\n`);
  expect(
    found.map(({ name, variable, secret }) => [name, variable, secret.reveal()]),
    text,
  ).toEqual([['a', variable, value]]);
  expect(spelled(`a = ${text}\n`, found)).toEqual([text]);
}

const read = (text: string) => values(python.read(text));

describe('Python', () => {
  it('reads assignments of every form', () => {
    expect(
      read(
        [
          '"""CONSUMER_KEY = "doc" """',
          'consumer_key: str = u"k"  # CONSUMER_KEY = "comment"',
          '# consumer_key = "commented out"',
          'API_SECRET = ("one"',
          '   "two" + \'three\')',
          'access_token, access_secret = "t", "s"',
          '(c, d) = ["x", "y"]',
          'e = f = "chain"; g = rb"raw\\n"',
          'h = \\',
          '  "continued"',
          'i = f"plain"; j = f"{c}"; k = "a" % c; l = "a" if c else "b"; m = "a".upper()',
          'n = "trailing",',
          'o = "a", "tuple"',
          'os.environ["ENV"] = "env"',
          'consumer_key = "last"',
        ].join('\n'),
      ),
    ).toEqual({
      consumer_key: 'last',
      API_SECRET: 'onetwothree',
      access_token: 't',
      access_secret: 's',
      c: 'x',
      d: 'y',
      f: 'chain',
      g: 'raw\\n',
      h: 'continued',
      i: 'plain',
      n: 'trailing',
      ENV: 'env',
    });
  });

  it('reads the one string that a condition chooses, pairs of name and value, and strings in str() and strip()', () => {
    const { api_key: key, api_secret: secret } = generatedKeys();
    expect(
      read(
        [
          'a = "one" if PROD else ""',
          'b = X() if os.getenv("Y") == "n" else "two"',
          'c = settings.c or "three"',
          'd = "x" if PROD else "y"',
          'e = "four".strip()',
          'f = str("five")',
          `keys = [("api_key", "${key}"), ("other", "${key}"), ("api_secret", "short")]`,
          `setattr(config, "x", "y"); config.set("api_secret", "${secret}")`,
        ].join('\n'),
      ),
    ).toEqual({
      a: 'one',
      b: 'two',
      c: 'three',
      e: 'four',
      f: 'five',
      'keys/api_key': key,
      api_secret: secret,
    });
  });

  it('knows what a name stands in', () => {
    expect(
      read(
        [
          'class Config(Base):',
          '    """key = "doc" """',
          '    key = "class"',
          '    def __init__(self, secret="default"):',
          '        self.token = "member"',
          '',
          'keys = {"a": "1", \'deep\': {"b": "2", **other}, K: "3", "n": 4}',
          'apps = [{"k": "x"}, {"k": "y"}]',
          'wrapped = dict(a="w")',
          'config["brand"]["key"] = "item"',
          'client = tweepy.Client(consumer_key="ck", bearer_token=None)',
        ].join('\n'),
      ),
    ).toEqual({
      'Config/key': 'class',
      'Config/secret': 'default',
      'Config/token': 'member',
      'keys/a': '1',
      'keys/deep/b': '2',
      'keys/K': '3',
      'apps/0/k': 'x',
      'apps/1/k': 'y',
      'wrapped/a': 'w',
      'config/brand/key': 'item',
      'Client/consumer_key': 'ck',
    });
  });

  it('names the positional arguments of clients, and tells two accounts apart', () => {
    const one = 'auth = tweepy.OAuthHandler("k", "s")\nauth.set_access_token("t", "u")\n';
    expect(read(one)).toEqual({
      'OAuthHandler/api_key': 'k',
      'OAuthHandler/api_secret': 's',
      access_token: 't',
      access_token_secret: 'u',
    });
    const two = one + one.replaceAll('auth', 'brand').replace(/"(\w)"/g, '"$1$1"');
    expect(read(two)).toMatchObject({
      'auth/OAuthHandler/api_key': 'k',
      'brand/OAuthHandler/api_key': 'kk',
      'auth/set_access_token/access_token': 't',
      'brand/set_access_token/access_token': 'tt',
    });
    expect(read('discord.Client("no shape of X")')).toEqual({});
  });

  it('knows the names of requests-oauthlib, which calls the app a client', () => {
    const text =
      'a = OAuth1Session(client_key="k", client_secret="s", resource_owner_key="t", resource_owner_secret="u")\nb = f(client_secret="v")\n';
    expect(values(python.read(text))).toEqual({
      'OAuth1Session/api_key': 'k',
      'OAuth1Session/api_secret': 's',
      'OAuth1Session/access_token': 't',
      'OAuth1Session/access_token_secret': 'u',
      client_secret: 'v',
    });
  });

  it('takes an environment variable with its default as one expression', () => {
    const text = [
      'a = os.getenv("A1", "x")',
      'b = os.environ.get("B1") or ("y")',
      'c = getenv("C1", default="z")',
      'd = os.getenv("D1")',
      'print(os.getenv("LOOSE", "loose"))',
      'os.environ.setdefault("appId", "set")',
    ].join('\n');
    const found = python.read(text);
    expect(found.map(({ name, variable, secret }) => [name, variable, secret.reveal()])).toEqual([
      ['a', 'A1', 'x'],
      ['b', 'B1', 'y'],
      ['c', 'C1', 'z'],
      ['LOOSE', 'LOOSE', 'loose'],
      ['appId', 'appId', 'set'],
    ]);
    const [first, second, , , set] = spelled(text, found);
    expect([first, second]).toEqual(['os.getenv("A1", "x")', 'os.environ.get("B1") or ("y")']);
    expect(set).toBe('"set"'); // what sets the variable goes on setting it
  });

  it('takes it as well where what it gives is stripped, which stays', () => {
    const text =
      'a = os.getenv("A1", "x").strip()\nb = (environ.get("B1") or "y").strip().strip()\nc = os.getenv("C1").strip()\n';
    const found = python.read(text);
    expect(found.map(({ name, variable, secret }) => [name, variable, secret.reveal()])).toEqual([
      ['a', 'A1', 'x'],
      ['b', 'B1', 'y'],
    ]);
    expect(spelled(text, found)).toEqual(['os.getenv("A1", "x")', 'environ.get("B1") or "y"']);
  });

  it('takes the names of arguments for what they are, in any order', () => {
    const texts = [
      'os.getenv(key="A1", default="x")',
      'os.getenv(default="x", key="A1")',
      'os.getenv("A1", default="x",)',
      'os.environ.get(key="A1", default="x")',
      'environ.get(default=("x"), key="A1")',
      'getenv(key="A1") or "x"',
    ];
    for (const text of texts) expectWhole(text, 'A1', 'x');
    const setting = 'os.environ.setdefault(value="x", key="A1")\n';
    expect(spelled(setting, python.read(setting))).toEqual(['"x"']);
    expect(read('a = os.getenv(default="x")\nb = os.getenv(K, default="x")\nc = os.getenv(*n)\n')).toEqual(
      {},
    );
  });

  it('reads bytes that become text, as one expression', () => {
    const texts = [
      'b"xy".decode()',
      "b'x' b'y'.decode('utf-8')",
      '("x" + "y").encode("ascii").decode(encoding="latin-1")',
      '(b"x"\n  b"y").decode(\n  "UTF8", "ignore",\n)',
      'bytes("xy", "utf8").decode(errors="strict", encoding="utf-8")',
      'str(b"xy", "utf-8")',
    ];
    for (const text of texts) expectWhole(text, undefined, 'xy');
    const encoded = 'a = "xy".encode()\nb = bytes("z", "utf-8")\n';
    expect(spelled(encoded, python.read(encoded))).toEqual(['"xy"', '"z"']);
  });

  it.each([
    'b"xy".decode("utf-16")',
    'b"xy".decode(encoding)',
    'b"eHk=".decode("base64")',
    'b"xy".upper().decode()',
    '"xy".decode()',
    '"\u00fc".encode().decode("latin-1")',
    'str(b"xy")',
    'bytes("xy")',
    'b"xy" + "z"',
    'b"xy" + b"z".decode()',
    'b64decode(b"xy").decode()',
    'b"xy".decode(',
  ])('does not take for its literal what is another text: %s', (text) => {
    expect(read(`a = ${text}\n`)).toEqual({});
  });

  it('counts lines from 1, after CR LF too', () => {
    const text = '"""\r\n"""\r\n\r\na = (\r\n "x"\r\n "y")\r\n';
    const [found] = python.read(text);
    expect(found?.line).toBe(5);
    expect(text.slice(found?.value.start, found?.value.end)).toBe('"x"\r\n "y"');
  });

  it.runIf(has('python3', 'literals as Python reads them'))('decodes literals as Python does', () => {
    const piece = fc.constantFrom(
      ...[
        'a',
        'Z9',
        '\\n',
        '\\x41',
        '\\u00e9',
        '\\101',
        '\\\\',
        "\\'",
        '\\"',
        '\\\n',
        '\\q',
        '\u00fc',
        '"',
        "'",
        ' ',
      ],
      ...['\\U0001F600', '\\0', '#', '{}', '\\8', '\t', '\\ud83d', '\\a'],
    );
    const literal = fc
      .tuple(
        fc.constantFrom('', 'r', 'u', 'b', 'Rb', 'f', 'U'),
        fc.constantFrom('"', "'", '"""', "'''"),
        fc.array(piece),
      )
      .map(([prefix, quote, pieces]) => prefix + quote + pieces.join('') + quote);
    const joined = fc.array(literal, { minLength: 1, maxLength: 3 }).map((parts) => parts.join(' '));
    const texts = fc.sample(joined, 1500).map((expression) => `x = ${expression}\n`);
    const expected = evaluated(texts);
    let compared = 0;
    for (const [index, text] of texts.entries()) {
      const value = expected[index];
      if (value === null || value === undefined) continue;
      expect(read(text), text).toEqual({ x: value });
      compared += 1;
    }
    expect(compared).toBeGreaterThan(300);
  });

  it.runIf(has('python3', 'text and bytes as Python makes them of each other'))(
    'reads text and bytes made of each other as Python makes them, or not at all',
    () => {
      const options = fc.constantFrom(
        ...['', '', '"utf-8"', "'ASCII'", 'encoding="latin-1"', '"utf8", "ignore"', 'errors="strict"'],
        ...['"utf-16"', '"rot13"', 'encoding="utf-8-sig"', '"utf-8", 1', '*[]', 'name="utf-8"'],
      );
      const join = (parts: readonly string[], by: string) => parts.filter((part) => part !== '').join(by);
      const { text } = fc.letrec<{ text: string; bytes: string }>((tie) => {
        const of = (kind: 'text' | 'bytes') =>
          fc.oneof({ maxDepth: 4, depthSize: 'large' }, literal[kind], made[kind]);
        const literal = {
          text: fc.constantFrom('"a"', "'b\\x41'", '"é"', '"c" \'d\'', 'r"e"'),
          bytes: fc.constantFrom('b"a"', "b'b\\x41'", 'b"\\xe9"', 'b"c" b\'d\'', 'rb"e"'),
        };
        const shared = (kind: 'text' | 'bytes') => [
          tie(kind).map((inner) => `(${inner})`),
          tie(kind).map((inner) => `${inner}.strip()`),
          fc.tuple(tie(kind), tie(kind)).map(([one, other]) => `${one} + ${other}`),
          fc.tuple(tie(kind), tie(kind)).map(([one, other]) => `${one}\\\n ${other}`),
        ];
        const made = {
          text: fc.oneof(
            ...shared('text'),
            fc.tuple(tie('bytes'), options).map(([inner, how]) => `${inner}.decode(${how})`),
            fc.tuple(tie('bytes'), options).map(([inner, how]) => `str(${join([inner, how], ', ')})`),
            tie('text').map((inner) => `str(${inner})`),
          ),
          bytes: fc.oneof(
            ...shared('bytes'),
            fc.tuple(tie('text'), options).map(([inner, how]) => `${inner}.encode(${how})`),
            fc.tuple(tie('text'), options).map(([inner, how]) => `bytes(${join([inner, how], ', ')})`),
          ),
        };
        return { text: of('text'), bytes: of('bytes') };
      });
      const texts = fc.sample(text, 3000).map((expression) => `x = ${expression}\n`);
      const expected = ran(texts);
      let compared = 0;
      for (const [index, one] of texts.entries()) {
        const found = read(one);
        if (!('x' in found)) continue;
        expect(found, one).toEqual({ x: expected[index] });
        if (/code|bytes|str/.test(one)) compared += 1;
      }
      expect(compared).toBeGreaterThan(300);
    },
  );
});

/** What `x` is when Python has run `x = ...`, of which bytes as their text; null where it fails. */
function ran(texts: readonly string[]): (string | null)[] {
  const program = `
import json, sys, warnings
warnings.simplefilter("ignore")
def value(text):
    space = {}
    try:
        exec(text, space)
        return space["x"] if isinstance(space["x"], str) else space["x"].decode("ascii")
    except Exception: return None
print(json.dumps([value(text) for text in json.load(sys.stdin)]))`;
  const { stdout } = spawnSync('python3', ['-c', program], {
    input: JSON.stringify(texts),
    maxBuffer: 1 << 26,
  });
  return JSON.parse(stdout.toString());
}

/** What Python makes of `x = ...`; null where it is no constant ASCII or text, or no Python. */
function evaluated(texts: readonly string[]): (string | null)[] {
  const program = `
import ast, json, sys, warnings
warnings.simplefilter("ignore")
def value(text):
    try:
        found = ast.parse(text).body
        node = found[0].value
        if len(found) != 1 or not isinstance(node, ast.Constant): return None
        return node.value if isinstance(node.value, str) else node.value.decode("ascii")
    except Exception: return None
print(json.dumps([value(text) for text in json.load(sys.stdin)]))`;
  const { stdout } = spawnSync('python3', ['-c', program], {
    input: JSON.stringify(texts),
    maxBuffer: 1 << 26,
  });
  return JSON.parse(stdout.toString());
}
