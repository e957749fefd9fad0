import { describe, expect, it } from 'vitest';
import { ruby } from '../../src/intake/ruby.ts';
import { alphanumeric } from '../support/credentials.ts';
import { expectEnd, spelled, values } from '../support/reading.ts';

/** What a text assigns, by where it stands. */
const found = (...lines: readonly string[]) => values(ruby.read(lines.join('\n')));

describe('Ruby', () => {
  it('reads variables, constants and settings', () => {
    expect(
      found(
        "consumer_key = 'a' # b",
        'CONSUMER_SECRET = "c".freeze',
        "@access_token = 'd'; $token_secret ||= 'e'",
        "self.bearer_token = 'f' if x",
        "ENV['API_KEY'] = 'g'",
        "config['twitter']['api_secret'] = 'h'",
      ),
    ).toEqual({
      consumer_key: 'a',
      CONSUMER_SECRET: 'c',
      access_token: 'd',
      token_secret: 'e',
      API_KEY: 'g',
      'config/twitter/api_secret': 'h',
    });
  });

  it('reads the blocks of the twitter gem, and tells two clients apart', () => {
    expect(
      found(
        'module Bots',
        '  class Keys < Base',
        "    API_KEY = 'a'",
        '    def main; @main ||= 1 if x; end',
        '  end',
        'end',
        'one = Twitter::REST::Client.new do |config|',
        "  config.consumer_key = 'b'",
        'end',
        'two = Twitter::REST::Client.new do |config|',
        '  if x then y end',
        '  while x do y; end',
        "  config.consumer_key = 'c'",
        'end',
        "Twitter.configure { |c| c.token = 'd' }",
        "api_key = 'e'",
      ),
    ).toEqual({
      'Keys/API_KEY': 'a',
      'one/config/consumer_key': 'b',
      'two/config/consumer_key': 'c',
      'c/token': 'd',
      api_key: 'e',
    });
  });

  it('reads hashes and arguments with names', () => {
    expect(
      found(
        "KEYS = { :consumer_key => 'a', 'consumer_secret' => 'b', access_token: 'c', \"token\": 'd' }",
        "Client.new(consumer_key: 'e', :consumer_secret => 'f')",
        "LIST = [{ token: 'g' }, { token: 'h' }]",
      ),
    ).toEqual({
      'KEYS/consumer_key': 'a',
      'KEYS/consumer_secret': 'b',
      'KEYS/access_token': 'c',
      'KEYS/token': 'd',
      'Client/consumer_key': 'e',
      'Client/consumer_secret': 'f',
      'LIST/0/token': 'g',
      'LIST/1/token': 'h',
    });
  });

  it('names the positional arguments of clients and of OmniAuth', () => {
    const [key, secret] = [alphanumeric(25), alphanumeric(50)];
    expect(
      found(`provider :github, 'a', 'b'`, `provider :twitter, '${key}', "${secret}", x: 1`, 'other = 1'),
    ).toEqual({ api_key: key, api_secret: secret });
    expect(found(`x = OAuth::Consumer.new('${key}', '${secret}')`)).toEqual({
      'Consumer/api_key': key,
      'Consumer/api_secret': secret,
    });
  });

  it('takes a variable of the environment with its default as one expression', () => {
    const text = `a = ENV['A1'] || 'v'\nb = ENV.fetch("B1", 'w')\nc = ENV.fetch('C1')\nd = ENV['D1']\n`;
    const assignments = ruby.read(text);
    expect(assignments.map(({ name, variable, secret }) => [name, variable, secret.reveal()])).toEqual([
      ['a', 'A1', 'v'],
      ['b', 'B1', 'w'],
    ]);
    expect(spelled(text, assignments)[0]).toBe("ENV['A1'] || 'v'");
  });

  it('passes over comments, computed strings, patterns and here-documents', () => {
    const text = [
      '# api_key = "no"',
      '=begin',
      'api_key = "no"',
      '=end',
      'a = "x#{no}"; b = `no`; c = /api_key = "no"/; d = %w[api_key = "no"]; e = x / 2; f = "no" + g / 3',
      "h = call(<<~EOT, 'i')",
      '  api_key = "no"',
      'EOT',
      'j = "it\\x73 \\u{e4}\\n#5"',
      "k = 'a\\\\b\\'c\\n'",
      '__END__',
      'l = "no"',
    ].join('\n');
    expect(ruby.read(text).map(({ name, secret }) => [name, secret.reveal()])).toEqual([
      ['j', 'its ä\n#5'],
      ['k', "a\\b'c\\n"],
    ]);
  });

  it.each([
    "ENV['a']",
    "ENV.fetch('a',",
    'do ',
    'end ',
    'if x\n',
    '<<A\n',
    '%w[',
    '%q(a)',
    ':"a',
    '/a ',
    ' /',
    '"#{',
    '=begin\n',
    'provider "a"\n',
    '"a".freeze',
  ])('comes to an end: %j', (part) => expectEnd(ruby, part.repeat(2 ** 20 / part.length)), 60_000);
});
