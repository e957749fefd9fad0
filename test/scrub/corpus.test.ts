import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { candidatesOf } from '../../src/intake/candidates.ts';
import { readFile } from '../../src/intake/read.ts';
import { proposedChains } from '../../src/scrub/account.ts';
import { scrubFiles } from '../../src/scrub/scrub.ts';
import { caseNames, readCase, writeCase } from '../import/case.ts';
import { Tokens } from '../import/tokens.ts';
import { temporaryFolder } from '../support/cli.ts';

/** What is read and cannot be scrubbed, and why. */
const REFUSED: Readonly<Record<string, RegExp>> = {
  'bare-lines': /a scrub does not change bare values/,
  'console-labels': /a scrub does not change bare values/,
  'csv-with-header': /a scrub does not change bare values/,
  'tab-separated-bare': /a scrub does not change bare values/,
  'token-file-of-two-lines': /a scrub does not change bare values/,
  'env-numbered-accounts': /keys of several accounts/,
  'env-prefixed-accounts': /keys of several accounts/,
  'js-two-clients': /keys of several accounts/,
  'php-config-array': /a scrub does not change PHP/,
  'php-twitteroauth': /a scrub does not change PHP/,
  'ruby-twitter-gem': /a scrub does not change Ruby/,
  'python-accounts-dict': /keys of several accounts/,
  'rails-environments': /share it by an anchor/,
  'ts-enum': /line 3: ConsumerKey has to be a literal \(a member of an enum\)/,
  'ts-export-const': /as const/,
};

/** Each case of the import's corpus: its files lose what was imported, or stay as they were. */
test.each(caseNames('good'))('%s', { timeout: 30_000 }, async (name) => {
  const folder = temporaryFolder();
  const tokens = new Tokens(name);
  writeCase('good', name, tokens, folder);
  const readings = readCase('good', name)
    .args.filter((argument) => !argument.startsWith('-'))
    .map((path) => readFile(join(folder, path)));
  const before = new Map(readings.map(({ path }) => [path, readFileSync(path)]));
  const findings = candidatesOf(readings);
  let shown = '';

  const { files } = await scrubFiles(
    readings,
    findings,
    { chain: proposedChains(findings) },
    {
      env: { PATH: process.env.PATH },
      show: (diff) => {
        shown += diff;
      },
      confirm: async () => true,
    },
  );

  const refused = files.filter(({ state }) => state === 'refused');
  expect(refused.map(({ failure }) => failure?.message)).toEqual(
    name in REFUSED ? [expect.stringMatching(REFUSED[name] as RegExp)] : [],
  );
  for (const { path } of refused) expect(readFileSync(path)).toEqual(before.get(path));
  const moved = findings.candidates.flatMap(({ fields }) =>
    [...fields.values()].flat().map(({ secret }) => secret.reveal()),
  );
  for (const { path, remains } of files.filter(({ state }) => state === 'scrubbed')) {
    const lines = readFileSync(path, 'latin1').split(/\r\n|\n|\r/);
    const holding = lines.flatMap((line, at) =>
      moved.some((value) => line.includes(value)) ? [at + 1] : [],
    );
    expect(remains.map(({ line }) => line)).toEqual(expect.arrayContaining(holding));
  }
  for (const [, secret] of tokens.secrets()) expect(shown).not.toContain(secret);
});
