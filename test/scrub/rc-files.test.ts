import { chmodSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { User } from '../support/cli.ts';
import { alphanumeric, generatedKeys } from '../support/credentials.ts';
import { Repository } from '../support/repository.ts';
import { filled } from './data.ts';

/** The files of X's command-line tools, in the forms that those write, and what a scrub leaves of each. */
const FILES: readonly (readonly [name: string, before: string, after: string, remains: readonly RegExp[]])[] =
  [
    [
      '.twurlrc',
      '---\nprofiles:\n  alice:\n    <A>:\n      username: alice\n      consumer_key: <A>\n      consumer_secret: <B>\n      token: <C>\n      secret: <D>\nconfiguration:\n  default_profile:\n  - alice\n  - <A>\n',
      '---\nprofiles:\n  alice:\n    <A>:\n      username: alice\nconfiguration:\n  default_profile:\n  - alice\n  - <A>\n',
      [/line 4: the api_key is still there/, /line 9: the api_key is still there/],
    ],
    [
      '.trc',
      '---\nconfiguration:\n  default_profile:\n  - alice\n  - <A>\nprofiles:\n  alice:\n    <A>:\n      username: Alice\n      consumer_key: <A>\n      consumer_secret: <B>\n      token: <C>\n      secret: <D>\n',
      '---\nconfiguration:\n  default_profile:\n  - alice\n  - <A>\nprofiles:\n  alice:\n    <A>:\n      username: Alice\n',
      [/line 5: the api_key is still there/, /line 8: the api_key is still there/],
    ],
    [
      '.xrc',
      '---\nprofiles:\n  alice:\n    "<A>":\n      consumer_key: "<A>"\n      consumer_secret: "<B>"\n      token: "<C>"\n      secret: "<D>"\nconfiguration:\n  default_profile: [alice, "<A>"]\n',
      '---\nprofiles:\n  alice:\n    "<A>": {}\nconfiguration:\n  default_profile: [alice, "<A>"]\n',
      [/line 4: the api_key is still there/, /line 6: the api_key is still there/],
    ],
    [
      'auth.yml',
      'apps:\n    my-app:\n        client_id: ""\n        oauth1_token:\n            type: oauth1\n            oauth1:\n                access_token: <C>\n                token_secret: <D>\n                consumer_key: <A>\n                consumer_secret: <B>\n        bearer_token:\n            type: bearer\n            bearer: <E>\ndefault_app: my-app\n',
      'apps:\n    my-app:\n        client_id: ""\n        oauth1_token:\n            type: oauth1\n            oauth1: {}\n        bearer_token:\n            type: bearer\ndefault_app: my-app\n',
      [],
    ],
  ];

test.each(FILES)('%s', (name, before, after, remains) => {
  const user = new User().withFileVault();
  const repository = new Repository(user);
  const keys = generatedKeys();
  const bearer = `${'A'.repeat(22)}${alphanumeric(64)}`;
  const fill = (text: string) => filled(text, keys).replace('<E>', bearer);
  const commit = repository.commit(name, fill(before));
  const file = join(repository.path, name);
  chmodSync(file, 0o600);

  const { status, stdout, stderr } = repository.twvault([
    'import',
    name,
    '--profile',
    'mine',
    '--yes',
    '--scrub',
  ]);

  expect(stderr).toContain(`took the values out of ${name}`);
  expect(status).toBe(0);
  expect(readFileSync(file, 'utf8')).toBe(fill(after));
  expect(statSync(file).mode & 0o777).toBe(0o600);
  for (const line of remains) expect(stderr).toMatch(line);
  expect(stderr.match(/still there/g) ?? []).toHaveLength(remains.length);
  expect(stderr).toContain(`brought in by 1 commit: ${commit.slice(0, 10)}`);
  expect(user.must(['get', 'mine', 'access_token_secret']).stdout.trim()).toBe(keys.access_token_secret);
  for (const value of [...Object.values(keys), bearer]) expect(stdout + stderr).not.toContain(value);
});
