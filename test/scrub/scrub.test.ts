import { chmodSync, existsSync, linkSync, renameSync, statSync, symlinkSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { Secret } from '../../src/profile/secret.ts';
import { summaryOf } from '../../src/scrub/summary.ts';
import { Editor } from '../../src/vault/editor.ts';
import { alphanumeric, generatedKeys, type Keys, tutorialLines } from '../support/credentials.ts';
import { has } from '../support/tools.ts';
import { ScrubbedProject } from './project.ts';

const valuesOf = (keys: Keys): string[] => Object.values(keys);

function tutorialFile(keys: Keys): string {
  return [
    '# Variables that contain the credentials',
    `CONSUMER_KEY = "${keys.api_key}"`,
    `CONSUMER_SECRET = "${keys.api_secret}"`,
    `ACCESS_TOKEN = "${keys.access_token}"`,
    `ACCESS_TOKEN_SECRET = "${keys.access_token_secret}"`,
    '',
  ].join('\n');
}

/** What a program in the repository sees under exec. */
function seen(project: ScrubbedProject, ...command: string[]): string {
  return project.user.must(['exec', '--', ...command], { cwd: project.root }).stdout.trim();
}

describe.runIf(has('python3', 'scrubbing Python'))('a Python file', () => {
  test('of the tutorial goes on to give its keys', async () => {
    const project = new ScrubbedProject();
    const keys = generatedKeys();
    project.repository.commit({ 'twitter_credentials.py': tutorialFile(keys) });

    const report = await project.scrub(['twitter_credentials.py']);

    expect(project.text('twitter_credentials.py')).toBe(
      [
        'import os',
        '',
        '# Variables that contain the credentials',
        'CONSUMER_KEY = os.environ["CONSUMER_KEY"]',
        'CONSUMER_SECRET = os.environ["CONSUMER_SECRET"]',
        'ACCESS_TOKEN = os.environ["ACCESS_TOKEN"]',
        'ACCESS_TOKEN_SECRET = os.environ["ACCESS_TOKEN_SECRET"]',
        '',
      ].join('\n'),
    );
    const program =
      'from twitter_credentials import *; print(CONSUMER_KEY, CONSUMER_SECRET, ACCESS_TOKEN, ACCESS_TOKEN_SECRET)';
    expect(seen(project, 'python3', '-B', '-c', program).split(' ')).toEqual(valuesOf(keys));
    const [profile] = (await (await project.vault()).names()) as [string];
    expect(JSON.parse(project.text('.twvault.json'))).toEqual({ profile, preset: 'tutorial' });
    expect(report.files).toEqual([
      { path: project.path('twitter_credentials.py'), state: 'scrubbed', remains: [], tracking: 'tracked' },
    ]);
  });

  test('shows what changes and no value', async () => {
    const project = new ScrubbedProject();
    const keys = generatedKeys();
    const other = alphanumeric(40);
    project.write(
      'a.py',
      `${tutorialFile(keys)}pair = ("${keys.api_key}", "${other}", 'hunter2')  # ${keys.api_secret}\n`,
    );

    await project.scrub(['a.py']);

    const shown = project.shown.join('');
    expect(shown).toContain('-CONSUMER_KEY = [25 characters]\n');
    expect(shown).toContain('+CONSUMER_KEY = os.environ["CONSUMER_KEY"]\n');
    for (const value of [...valuesOf(keys), other]) expect(shown).not.toContain(value);
    expect(project.questions).toEqual([`Take the values out of ${project.path('a.py')}?`]);
  });

  test('in all its forms keeps what each means', async () => {
    const project = new ScrubbedProject();
    const keys = generatedKeys();
    const [half, rest] = [keys.api_secret.slice(0, 20), keys.api_secret.slice(20)];
    project.write(
      'bot.py',
      [
        '#!/usr/bin/env python3',
        '"""A bot."""',
        'import sys',
        'class Config:',
        `    consumer_key: str = '${keys.api_key}'  # mine`,
        `    consumer_secret = ("${half}"`,
        `                       '${rest}')`,
        'import os',
        `settings = {'access_token': os.getenv("MY_TOKEN", "${keys.access_token}"), 'access_token_secret': os.environ.get('MY_SECRET') or '${keys.access_token_secret}', 'debug': "on"}`,
        'print(Config.consumer_key, Config.consumer_secret, settings["access_token"], settings["access_token_secret"], settings["debug"])',
        '',
      ].join('\r\n'),
    );

    await project.scrub(['bot.py']);

    expect(seen(project, 'python3', '-B', 'bot.py').split(' ')).toEqual([...valuesOf(keys), 'on']);
    const text = project.text('bot.py');
    for (const value of valuesOf(keys)) expect(text).not.toContain(value);
    expect(text).toContain('os.environ["MY_TOKEN"]');
    expect(text.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
    expect(JSON.parse(project.text('.twvault.json'))).toMatchObject({
      env: { MY_TOKEN: 'access_token', MY_SECRET: 'access_token_secret' },
    });
  });

  test('with bytes that become text, and named arguments of getenv, gives the same text', async () => {
    const project = new ScrubbedProject();
    const keys = generatedKeys();
    project.write(
      'bot.py',
      [
        'from os import getenv',
        `CONSUMER_KEY = (b"${keys.api_key.slice(0, 9)}" + b"${keys.api_key.slice(9)}").decode()`,
        `CONSUMER_SECRET = bytes("${keys.api_secret}", "utf8").decode(errors="strict")`,
        `ACCESS_TOKEN = getenv(default="${keys.access_token}", key="MY_TOKEN")`,
        `ACCESS_TOKEN_SECRET = str(b'${keys.access_token_secret}'`,
        '   .strip(), "utf-8")',
        'SIGNING = "not a key of X".encode()',
        'print(CONSUMER_KEY, CONSUMER_SECRET, ACCESS_TOKEN, ACCESS_TOKEN_SECRET)',
        '',
      ].join('\n'),
    );

    const report = await project.scrub(['bot.py']);

    expect(report.files).toMatchObject([{ state: 'scrubbed', remains: [] }]);
    expect(report.files[0]?.unchecked).toBeUndefined();
    expect(project.text('bot.py')).toBe(
      [
        'import os',
        'from os import getenv',
        'CONSUMER_KEY = os.environ["CONSUMER_KEY"]',
        'CONSUMER_SECRET = os.environ["CONSUMER_SECRET"]',
        'ACCESS_TOKEN = os.environ["MY_TOKEN"]',
        'ACCESS_TOKEN_SECRET = os.environ["ACCESS_TOKEN_SECRET"]',
        'SIGNING = "not a key of X".encode()',
        'print(CONSUMER_KEY, CONSUMER_SECRET, ACCESS_TOKEN, ACCESS_TOKEN_SECRET)',
        '',
      ].join('\n'),
    );
    expect(seen(project, 'python3', '-B', 'bot.py').split(' ')).toEqual(valuesOf(keys));
  });

  test('with text that becomes bytes keeps making bytes of it', async () => {
    const project = new ScrubbedProject();
    const keys = generatedKeys();
    project.write('a.py', `${tutorialFile(keys).replace(/"$/gm, '".encode()')}`);

    await project.scrub(['a.py']);

    expect(project.text('a.py')).toContain('CONSUMER_KEY = os.environ["CONSUMER_KEY"].encode()\n');
    const program = 'import a; print(a.CONSUMER_KEY.decode(), a.CONSUMER_SECRET.decode())';
    expect(seen(project, 'python3', '-B', '-c', program).split(' ')).toEqual(valuesOf(keys).slice(0, 2));
  });

  test('with bytes is left, and says which', async () => {
    const project = new ScrubbedProject();
    const before = tutorialFile(generatedKeys()).replace('SECRET = "', 'SECRET = b"');
    project.write('a.py', before);

    const report = await project.scrub(['a.py']);

    expect(report.files).toMatchObject([{ state: 'refused' }]);
    expect(report.files[0]?.failure?.message).toMatch(
      /left as it is: line 3: CONSUMER_SECRET is bytes, and a variable is text$/,
    );
    expect(project.text('a.py')).toBe(before);
  });

  test('that Python 2 wrote is scrubbed with a word about it', async () => {
    const project = new ScrubbedProject();
    const keys = generatedKeys();
    project.write('old.py', `${tutorialFile(keys)}print "old"\n`);

    const report = await project.scrub(['old.py']);

    expect(report.files[0]).toMatchObject({ state: 'scrubbed' });
    expect(report.files[0]?.unchecked).toContain('Python 2');
  });

  test.each([
    ['bytes, which a variable never is', (keys: Keys) => `CONSUMER_SECRET = b"${keys.api_secret}"\n`],
    [
      'a statement before an import from the future',
      (keys: Keys) => `from __future__ import print_function; CONSUMER_SECRET = "${keys.api_secret}"\n`,
    ],
  ])('with %s is left alone, or scrubbed so that it runs', async (_, lines) => {
    const project = new ScrubbedProject();
    const keys = generatedKeys();
    const before = `${lines(keys)}CONSUMER_KEY = "${keys.api_key}"\n`;
    project.write('a.py', before);

    const report = await project.scrub(['a.py']);

    if (report.files[0]?.state === 'refused') expect(project.text('a.py')).toBe(before);
    else
      expect(seen(project, 'python3', '-B', '-c', 'import a; print(a.CONSUMER_SECRET)')).toMatch(
        /^b?'?\w{50}'?$/,
      );
  });

  test('with keys of two accounts is refused, and stays', async () => {
    const project = new ScrubbedProject();
    const [one, two] = [generatedKeys(), generatedKeys()];
    const before = [one, two]
      .map((keys, at) => `class Account${at}:\n${tutorialFile(keys).replace(/^(?=\w)/gm, '    ')}`)
      .join('\n');
    project.write('two.py', before);

    const report = await project.scrub(['two.py']);

    expect(report.files[0]?.failure?.message).toContain('holds keys of several accounts');
    expect(project.text('two.py')).toBe(before);
    expect(existsSync(project.path('.twvault.json'))).toBe(false);
    expect(project.questions).toEqual([]);
  });

  test('says what is still there', async () => {
    const project = new ScrubbedProject();
    const keys = generatedKeys();
    project.write('a.py', `# was: ${alphanumeric(25)}\n# ${keys.api_key}\n${tutorialFile(keys)}`);

    const report = await project.scrub(['a.py']);

    expect(report.files[0]?.remains).toEqual([{ line: 3 }, { line: 4, field: 'api_key' }]);
    const lines = summaryOf(report).map(({ text }) => text);
    expect(lines).toContain(
      `${project.path('a.py')}, line 4: the api_key is still there: take it out by hand`,
    );
    expect(lines).toContain(`git does not keep ${project.path('a.py')} yet`); // and not that it is safe to add
  });

  test('in another encoding keeps its bytes', async () => {
    const project = new ScrubbedProject();
    const keys = generatedKeys();
    const [head, tail] = ['# -*- coding: latin-1 -*-\n', `name = "caf\xe9"\n${tutorialFile(keys)}# \xfc`];
    project.write('l.py', Buffer.from(head + tail, 'latin1'));

    await project.scrub(['l.py']);

    const after = project.bytes('l.py').toString('latin1');
    expect(after.startsWith(`${head}import os\n\nname = "caf\xe9"\n`)).toBe(true);
    expect(after.endsWith('ACCESS_TOKEN_SECRET = os.environ["ACCESS_TOKEN_SECRET"]\n# \xfc')).toBe(true);
  });
});

describe('a JavaScript file', () => {
  test.each([
    [
      'keys.js',
      (keys: Keys) =>
        `module.exports = { consumer_key: '${keys.api_key}', consumer_secret: \`${keys.api_secret}\`, access_token: process.env.MY_TOKEN || "${keys.access_token}", access_token_secret: '${keys.access_token_secret.slice(0, 9)}' +\n '${keys.access_token_secret.slice(9)}' };`,
      'const k = require("./keys.js")',
    ],
    [
      'keys.mjs',
      (keys: Keys) =>
        `export const consumerKey = "${keys.api_key}";\nexport const k = { consumer_key: "${keys.api_key}", consumer_secret: "${keys.api_secret}", access_token: "${keys.access_token}", access_token_secret: "${keys.access_token_secret}" }\n`,
      'const { k } = await import("./keys.mjs")',
    ],
  ])('%s goes on to give its keys', async (name, content, load) => {
    const project = new ScrubbedProject();
    const keys = generatedKeys();
    project.write(name, content(keys));

    const report = await project.scrub([name]);

    expect(report.files[0]).toMatchObject({ state: 'scrubbed', remains: [] });
    expect(report.files[0]?.unchecked).toBeUndefined();
    const program = `${load}; console.log(k.consumer_key, k.consumer_secret, k.access_token, k.access_token_secret)`;
    const way = name.endsWith('.mjs') ? ['--input-type=module', '-e', program] : ['-e', program];
    expect(seen(project, 'node', ...way).split(' ')).toEqual(valuesOf(keys));
  });

  test('in TypeScript keeps its types', async () => {
    const project = new ScrubbedProject();
    const keys = generatedKeys();
    project.write(
      'k.ts',
      `export const consumerKey: string = "${keys.api_key}";\nexport const consumerSecret: string = "${keys.api_secret}";\n`,
    );

    await project.scrub(['k.ts']);

    expect(project.text('k.ts')).toBe(
      'export const consumerKey: string = process.env.CONSUMER_KEY!;\nexport const consumerSecret: string = process.env.CONSUMER_SECRET!;\n',
    );
  });
});

describe('a dotenv file', () => {
  test('refers to the vault, and exec gives the values', async () => {
    const project = new ScrubbedProject();
    const keys = generatedKeys();
    const lines = tutorialLines(keys)
      .replace('CONSUMER_SECRET=', 'export Consumer_Secret_Key = ')
      .replace(/(ACCESS_TOKEN=)(.*)/, '$1"$2" # mine');
    project.write('.env', `DEBUG=1\n${lines}OPENAI_API_KEY=kept`);

    await project.scrub(['.env']);

    const [profile] = (await (await project.vault()).names()) as [string];
    expect(project.text('.env')).toBe(
      [
        'DEBUG=1',
        `CONSUMER_KEY=twvault://${profile}/api_key`,
        `export Consumer_Secret_Key = twvault://${profile}/api_secret`,
        `ACCESS_TOKEN=twvault://${profile}/access_token # mine`,
        `ACCESS_TOKEN_SECRET=twvault://${profile}/access_token_secret`,
        'OPENAI_API_KEY=kept',
      ].join('\n'),
    );
    expect(JSON.parse(project.text('.twvault.json'))).toEqual({
      profile,
      preset: 'tutorial',
      env: { Consumer_Secret_Key: 'api_secret' },
    });
    const print =
      '["CONSUMER_KEY", "Consumer_Secret_Key", "ACCESS_TOKEN", "ACCESS_TOKEN_SECRET"].map((name) => process.env[name]).join(" ")';
    expect(seen(project, 'node', '-p', print).split(' ')).toEqual(valuesOf(keys));
  });

  test('in UTF-16 stays so', async () => {
    const project = new ScrubbedProject();
    project.write('.env', Buffer.from(`\ufeff${tutorialLines(generatedKeys())}`, 'utf16le'));

    await project.scrub(['.env']);

    expect(project.bytes('.env').toString('utf16le')).toMatch(/^\ufeffCONSUMER_KEY=twvault:/);
  });
});

describe('a file is left as it is', () => {
  async function refused(prepare: (project: ScrubbedProject) => void | Promise<void>, name = 'a.py') {
    const project = new ScrubbedProject();
    project.write('a.py', tutorialFile(generatedKeys()));
    const { readings, findings } = project.read(['a.py']);
    await project.store(findings);
    await prepare(project);
    const before = existsSync(project.path(name)) ? project.bytes(name) : Buffer.alloc(0);
    const { mtimeMs } = statSync(project.path(name));
    const report = await project.scrubAgain(readings, findings);
    expect(project.bytes(name)).toEqual(before);
    expect(statSync(project.path(name)).mtimeMs).toBe(mtimeMs);
    expect(report.files).toMatchObject([{ state: 'refused' }]);
    expect(report.projects).toEqual([]);
    return report.files[0]?.failure?.message;
  }

  test('that was changed after the import', async () => {
    expect(await refused((project) => project.write('a.py', 'nothing = 1\n'))).toContain(
      'no longer says what was imported',
    );
  });

  test('whose value is not what is stored', async () => {
    const message = await refused(async (project) => {
      const [name] = (await (await project.vault()).names()) as [string];
      project.user.must(['set', name, 'api_secret'], { input: alphanumeric(50) });
    });
    expect(message).toMatch(/line 3: CONSUMER_SECRET is not what \S+ has as its api_secret/);
  });

  test('where exec would give another value', async () => {
    const message = await refused(async (project) => {
      const vault = await project.vault();
      const [name] = (await vault.names()) as [string];
      await new Editor(vault).update(name, { extras: new Map([['CONSUMER_KEY', new Secret('another')]]) });
    });
    expect(message).toContain('twvault exec would not give line 2: CONSUMER_KEY its old value');
  });

  test('in a project of another profile', async () => {
    const message = await refused((project) => project.write('.twvault.json', '{"profile": "someone-else"}'));
    expect(message).toContain('says that another profile is used there');
  });

  test('in a project that is pinned to another account', async () => {
    expect(await refused((project) => project.write('.twvault.json', '{"account": "12"}'))).toContain(
      'pinned to account 12',
    );
  });

  test('that is a link, or has a second name', async () => {
    expect(
      await refused((project) => {
        renameSync(project.path('a.py'), project.path('real.py'));
        symlinkSync('real.py', project.path('a.py'));
      }),
    ).toContain('is a symbolic link');
    expect(await refused((project) => linkSync(project.path('a.py'), project.path('b.py')))).toContain(
      'hard link',
    );
  });

  test('that is changed while the question stands', async () => {
    const project = new ScrubbedProject();
    project.write('a.py', tutorialFile(generatedKeys()));

    const report = await project.scrub(['a.py'], {
      confirm: async () => {
        project.write('a.py', 'mine = 1\n');
        return true;
      },
    });

    expect(project.text('a.py')).toBe('mine = 1\n');
    expect(report.files[0]?.failure?.message).toContain('was changed meanwhile');
    expect(existsSync(project.path('.twvault.json'))).toBe(false);
  });

  test('after a no', async () => {
    const project = new ScrubbedProject();
    const before = tutorialFile(generatedKeys());
    project.write('a.py', before);

    const report = await project.scrub(['a.py'], { confirm: async () => false });

    expect(project.text('a.py')).toBe(before);
    expect(report).toMatchObject({ files: [{ state: 'shown' }], histories: [] });
    expect(existsSync(project.path('.twvault.json'))).toBe(false);
  });

  test('by a dry run, which needs nothing stored', async () => {
    const project = new ScrubbedProject();
    const before = tutorialFile(generatedKeys());
    project.write('a.py', before);

    const report = await project.scrub(['a.py'], { isDryRun: true });

    expect(project.text('a.py')).toBe(before);
    expect(report).toMatchObject({ files: [{ state: 'shown' }], projects: [{ preset: 'tutorial' }] });
    expect(project.questions).toEqual([]);
    expect(project.shown).toHaveLength(1);
  });
});

test('mode and a project file that was there are kept', async () => {
  const project = new ScrubbedProject();
  const keys = generatedKeys();
  project.write('a.py', tutorialFile(keys));
  chmodSync(project.path('a.py'), 0o750);
  const account = keys.access_token.split('-')[0];
  project.write('.twvault.json', JSON.stringify({ account, env: { OTHER: 'api_key' }, preset: 'x' }));

  await project.scrub(['a.py']);

  expect(statSync(project.path('a.py')).mode & 0o7777).toBe(0o750);
  const [profile] = (await (await project.vault()).names()) as [string];
  expect(JSON.parse(project.text('.twvault.json'))).toEqual({
    account,
    env: { OTHER: 'api_key' },
    preset: 'x',
    profile,
  });
  expect(project.text('a.py')).toContain('CONSUMER_KEY = os.environ["X_API_KEY"]');
});

test('several files share one project file', async () => {
  const project = new ScrubbedProject();
  const keys = generatedKeys();
  project.write('.env', tutorialLines(keys).replace('CONSUMER_KEY', 'TW_KEY'));
  project.write('a.py', tutorialFile(keys));

  const report = await project.scrub(['.env', 'a.py']);

  expect(report.files.map(({ state }) => state)).toEqual(['scrubbed', 'scrubbed']);
  expect(report.projects).toMatchObject([{ preset: 'tutorial', env: new Map([['TW_KEY', 'api_key']]) }]);
});

test('the history is told', async () => {
  const project = new ScrubbedProject();
  const keys = generatedKeys();
  const first = project.repository.commit({ 'a.py': tutorialFile(keys) });
  const last = project.repository.commit({ 'copy.py': tutorialFile(keys) });

  const report = await project.scrub(['a.py']);

  const text = summaryOf(report).map((line) => `${line.kind}: ${line.text}`);
  expect(text).toContain(
    `warn: the values are in the git history of ${project.root}, brought in by 2 commits (first ${first.slice(0, 10)}, last ${last.slice(0, 10)}): ${last.slice(0, 10)}, ${first.slice(0, 10)}`,
  );
  expect(text.some((line) => /renew them at console\.x\.com/.test(line))).toBe(true);
  expect(text).toContain(`hint: commit the change: git commit ${project.path('a.py')}`);
  for (const value of valuesOf(keys)) expect(text.join('\n')).not.toContain(value);
});
