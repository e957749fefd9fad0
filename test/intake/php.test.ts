import { describe, expect, it } from 'vitest';
import { php } from '../../src/intake/php.ts';
import { expectEnd, spelled } from '../support/reading.ts';

/** What a text assigns, by where it stands. */
const found = (...lines: readonly string[]) =>
  Object.fromEntries(
    php
      .read(['<?php', ...lines].join('\n'))
      .map(({ scope, name, secret }) => [[...scope, name].join('/'), secret.reveal()]),
  );

describe('PHP', () => {
  it('reads variables, properties and constants', () => {
    expect(
      found(
        "$consumer_key = 'a'; # b",
        '$consumer_secret = "c" . \'d\';',
        "$this->access_token = 'e';",
        "define('OAUTH_SECRET', 'f');",
        'if (!defined("BEARER_TOKEN")) define("BEARER_TOKEN", "g", true);',
        "const API_KEY = 'h', API_SECRET = 'i';",
        "putenv('CLIENT_ID=j');",
        "$_ENV['CLIENT_SECRET'] = 'k';",
        'if (true): $token = "l"; endif;',
      ),
    ).toEqual({
      consumer_key: 'a',
      consumer_secret: 'cd',
      access_token: 'e',
      OAUTH_SECRET: 'f',
      BEARER_TOKEN: 'g',
      API_KEY: 'h',
      API_SECRET: 'i',
      CLIENT_ID: 'j',
      CLIENT_SECRET: 'k',
      token: 'l',
    });
  });

  it('knows what a name stands in, and tells the entries of a list apart', () => {
    expect(
      found(
        'class Keys extends Base { private static ?string $apiKey = "a"; }',
        "$settings = array('consumer_key' => 'b', 'twitter' => ['api_key' => 'c', 2, ['d']]);",
        "$config['twitter']['api_secret'] = 'e';",
        "return [['token' => 'f'], array('token' => 'g'), 'x' => ['token' => 'h']];",
      ),
    ).toEqual({
      'Keys/apiKey': 'a',
      'settings/consumer_key': 'b',
      'settings/twitter/api_key': 'c',
      'config/twitter/api_secret': 'e',
      '0/token': 'f',
      '1/token': 'g',
      'x/token': 'h',
    });
  });

  it('names the positional arguments of clients', () => {
    expect(
      found(
        '$t = new \\Abraham\\TwitterOAuth\\TwitterOAuth("a", \'b\', "c", "d");',
        "\\Codebird\\Codebird::setConsumerKey('aB3dE6gH9jK2mN5pQ8sT1vW4x', 'no');",
      ),
    ).toEqual({
      'TwitterOAuth/api_key': 'a',
      'TwitterOAuth/api_secret': 'b',
      'TwitterOAuth/access_token': 'c',
      'TwitterOAuth/access_token_secret': 'd',
      api_key: 'aB3dE6gH9jK2mN5pQ8sT1vW4x',
    });
  });

  it('takes a variable of the environment with its default as one expression', () => {
    const text = `<?php return [
      'a' => env('A1', 'v'), 'b' => getenv("B1") ?: 'w', 'c' => $_ENV['C1'] ?? "x",
      'd' => $_SERVER['D1'] ?? ('y'), 'e' => env('E1'), 'f' => env('F1', null) ];`;
    const assignments = php.read(text);
    expect(assignments.map(({ name, variable, secret }) => [name, variable, secret.reveal()])).toEqual([
      ['a', 'A1', 'v'],
      ['b', 'B1', 'w'],
      ['c', 'C1', 'x'],
      ['d', 'D1', 'y'],
    ]);
    expect(spelled(text, assignments).slice(1, 3)).toEqual([`getenv("B1") ?: 'w'`, `$_ENV['C1'] ?? "x"`]);
  });

  it('passes over comments, other text, computed strings and here-documents', () => {
    const text = [
      'api_key = "no"',
      '<?php // api_key = "no"',
      '/* $api_key = "no"; */ # $api_key = "no"; ?> $api_key = "no"; <?=',
      '$a = "$no"; $b = "x{$no}"; $c = `no`; $d = "a" . $no; $e = <<<EOT',
      '$api_key = "no";',
      '  EOT;',
      "$f = <<<'X'\n$api_key = 'no';\nX;",
      "#[Attribute] $g = \"it\\x73 \\$5 \\u{e4}\\n\"; $h = 'a\\\\b\\'c\\n';",
      '?>',
      '$i = "no";',
    ].join('\n');
    expect(php.read(text).map(({ name, secret }) => [name, secret.reveal()])).toEqual([
      ['g', 'its $5 ä\n'],
      ['h', "a\\b'c\\n"],
    ]);
    expect(php.read('$a = "no";')).toEqual([]);
  });

  it.each([
    "define('a',",
    "env('a',",
    "putenv('a=b')",
    "$_ENV['a']",
    'array(',
    '[',
    '[[],',
    '<<<a\n',
    '?><?php ',
    '#',
    '"$a',
    '"\\',
  ])('comes to an end: %j', (part) => expectEnd(php, `<?php ${part.repeat(2 ** 20 / part.length)}`), 60_000);

  it('counts lines from 1', () => {
    const [first] = php.read('<?php\r\n\r\n$a =\r\n "x";');
    expect(first?.line).toBe(4);
  });
});
