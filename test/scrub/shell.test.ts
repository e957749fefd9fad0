import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { alphanumeric, generatedKeys } from '../support/credentials.ts';
import { has } from '../support/tools.ts';
import { expectClean, scrubbed } from './one-file.ts';

const FISH = 'fish';
const NAMES = ['CONSUMER_KEY', 'CONSUMER_SECRET', 'ACCESS_TOKEN', 'ACCESS_TOKEN_SECRET'];
const keys = generatedKeys();
const [key, secret, token, tokenSecret] = Object.values(keys) as [string, string, string, string];

const SCRIPT = `#!/bin/sh
# keys of the bot
export CONSUMER_KEY='${key}' CONSUMER_SECRET=${secret}
if true; then ACCESS_TOKEN="${token}"; fi
export ACCESS_TOKEN
ACCESS_TOKEN_SECRET=${tokenSecret} # the last
set -eu
`;

test('a shell script goes on with what it was started with', async () => {
  const result = await scrubbed('env.sh', SCRIPT);
  expectClean(result, keys);
  expect(result.after).toBe(`#!/bin/sh
# keys of the bot
export CONSUMER_KEY="$CONSUMER_KEY" CONSUMER_SECRET="$CONSUMER_SECRET"
if true; then ACCESS_TOKEN="$ACCESS_TOKEN"; fi
export ACCESS_TOKEN
ACCESS_TOKEN_SECRET="$ACCESS_TOKEN_SECRET" # the last
set -eu
`);
  for (const shell of ['sh', 'bash', 'zsh'].filter((name) => has(name, 'a scrubbed script'))) {
    const shown = NAMES.map((name) => `$${name}`).join(' ');
    const { stdout } = spawnSync(shell, ['-c', `${result.after}echo ${shown}`], {
      env: { ...result.environment },
      encoding: 'utf8',
    });
    expect([shell, stdout.trim().split(' ')]).toEqual([shell, Object.values(keys)]);
  }
});

test.runIf(has(FISH, 'a scrubbed script'))('a script of fish too', async () => {
  const text = `set -gx CONSUMER_KEY ${key}\nset -x CONSUMER_SECRET '${secret}'\n`;
  const { after, environment } = await scrubbed('keys.fish', text);
  const { stdout } = spawnSync(FISH, ['-c', `${after}echo $CONSUMER_KEY $CONSUMER_SECRET`], {
    env: { ...environment },
    encoding: 'utf8',
  });
  expect(stdout.trim()).toBe(`${key} ${secret}`);
});

test('a script without an ending shows by its first line', async () => {
  const { after } = await scrubbed('start', SCRIPT);
  expect(after).toContain('ACCESS_TOKEN_SECRET="$ACCESS_TOKEN_SECRET" # the last');
});

test.each([
  ['is computed elsewhere', 'CONSUMER_KEY=$(cat key)\n'],
  ['is set to something else before', `CONSUMER_KEY=${alphanumeric(25)}\n`],
  ['is read', 'read -r CONSUMER_KEY\n'],
  ['is taken away', 'unset CONSUMER_KEY\n'],
])('a script where a variable %s is left as it is', async (_, line) => {
  const before = `${line}CONSUMER_KEY=${key}\nCONSUMER_SECRET=${secret}\n`;
  const { report, after } = await scrubbed('env.sh', before);
  expect(after).toBe(before);
  expect(report.files[0]?.failure?.message).toContain('CONSUMER_KEY is set in more than one place');
});
