import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { parse as parseJson } from 'jsonc-parser';
import { describe, expect, it } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { RUNNER, TWVAULT, User } from '../support/cli.ts';
import { generatedKeys, type Keys, tutorialLines } from '../support/credentials.ts';
import { fileOf, type Page, readPage } from './page.ts';

const FOLDER = join(import.meta.dirname, '../../docs/recipes');
const PAGES = readdirSync(FOLDER).map((file) => file.replace('.md', ''));

/** The bot of every recipe: it leaves what it found in its environment. */
const BOT = `#!/usr/bin/env node
const { writeFileSync } = require('node:fs');
writeFileSync(process.env.HOME + '/ran.json', JSON.stringify(process.env));
`;

/** Someone who did what "Prepare once" says, and has a bot. Only HOME and PATH are set. */
class Reader {
  readonly user = new User();
  readonly keys: Keys = generatedKeys();
  readonly work: string;

  constructor() {
    const { root } = this.user;
    this.work = join(root, 'work');
    const bin = join(root, 'bin');
    mkdirSync(bin);
    const program = `#!/bin/sh\nexec '${RUNNER}' '${TWVAULT}' "$@"\n`;
    writeFileSync(join(bin, 'twvault'), program, { mode: 0o755 });
    writeFileSync(join(this.work, 'bot.js'), BOT);
    writeFileSync(join(this.work, 'server.mjs'), `import './bot.js';\n`);
    writeFileSync(join(this.work, 'keys.env'), tutorialLines(this.keys));
    this.user.env = { HOME: root, PATH: `${bin}:${process.env.PATH}` };
    this.follow(readPage('README'));
  }

  get identity(): string {
    return join(this.user.root, 'twvault-identity.txt');
  }

  /** Runs what the page marks as to be run. */
  follow(page: Page): void {
    this.shell(page.commands.join('\n'));
  }

  /** Runs a script that has to succeed, and gives what it prints. */
  shell(script: string, env: Record<string, string> = {}): string {
    return this.#run('bash', ['-euo', 'pipefail', '-c', script], env);
  }

  /** Runs a command line as another program would start it, and gives what the bot found in its environment. */
  launch(words: readonly string[], env: Record<string, string> = {}): Record<string, string> {
    const [file = '', ...args] = words;
    this.#run(file, args, env);
    return JSON.parse(readFileSync(join(this.user.root, 'ran.json'), 'utf8')) as Record<string, string>;
  }

  #run(file: string, args: readonly string[], env: Record<string, string>): string {
    const result = spawnSync(file, args, {
      env: { ...this.user.env, ...env } as NodeJS.ProcessEnv,
      cwd: this.work,
      input: '',
      encoding: 'utf8',
      timeout: 20_000,
    });
    if (result.status !== 0)
      throw new Error(`${file} ${args.join(' ')}: ${result.status ?? result.error}\n${result.stderr}`);
    return result.stdout;
  }
}

/** The bot got this reader's keys under the names of a preset, and nothing that opens the vault. */
function expectKeys(variables: Record<string, string>, { keys }: Reader, name = 'TWITTER_API_KEY'): void {
  expect(variables[name]).toBe(keys.api_key);
  const own = Object.keys(variables).filter((variable) => /^TWVAULT_(?!HOME$)/.test(variable));
  expect(own).toEqual([]);
}

const words = (line: string): string[] => line.trim().split(/\s+/);

describe('each recipe', () => {
  it.each(PAGES.filter((name) => name !== 'README'))(
    '%s is listed, and says what it protects against and what not',
    (name) => {
      const { text } = readPage(name);
      expect(text).toContain('\n## Protects against\n');
      expect(text).toContain('\n## Does not protect against\n');
      expect(readPage('README').text).toContain(`(${name}.md)`);
    },
  );
});

describe('following the recipe for', () => {
  it('systemd, the service gets the keys by its credential', () => {
    const reader = new Reader();
    const unit = fileOf(readPage('systemd'), 'bot.service');
    const [, credential = '', path] = /^LoadCredential=([^:]+):(.+)$/m.exec(unit) ?? [];
    expect(readPage('systemd').text).toContain(path);
    const folder = join(reader.user.root, 'credentials');
    mkdirSync(folder);
    writeFileSync(join(folder, credential), readFileSync(reader.identity), { mode: 0o400 });
    const [start, ...args] = words(/^ExecStart=(.+)$/m.exec(unit)?.[1] ?? '');
    expect(start).toMatch(/^\/.*\/twvault$/);
    const command = ['twvault', ...args.map((word) => word.replace('/usr/bin/node', 'node'))];
    expectKeys(reader.launch(command, { CREDENTIALS_DIRECTORY: folder }), reader);
    expect(() => reader.launch(command)).toThrow('twvault-identity');
  });

  it('cron, the job gets the keys with the environment that cron gives', () => {
    const reader = new Reader();
    const lines = fileOf(readPage('cron'), 'crontab').trim().split('\n');
    const job = (lines.at(-1) ?? '').split(' ').slice(5).join(' ').replace('cd "$HOME"', 'cd "$HOME/work"');
    const { HOME = '', PATH = '' } = reader.user.env;
    expectKeys(reader.launch(['env', '-i', `HOME=${HOME}`, `PATH=${PATH}`, '/bin/sh', '-c', job]), reader);
  });

  it('compose, the container gets the keys by its secret', () => {
    const reader = new Reader();
    const page = readPage('docker');
    reader.follow(page);
    const { services, secrets } = parseYaml(fileOf(page, 'compose.yaml'));
    const { bot } = services;
    const [name] = bot.secrets as [string];
    const [from, to] = bot.volumes[0].split(':');
    // What compose mounts where, without the mounting.
    const places = new Map([
      [`/run/secrets/${name}`, join(reader.work, secrets[name].file)],
      [to, join(reader.work, from)],
    ]);
    const env = Object.entries(bot.environment as Record<string, string>).map(
      ([variable, path]) => [variable, places.get(path) ?? 'nowhere'] as const,
    );
    expectKeys(reader.launch(bot.command, Object.fromEntries(env)), reader);
  });

  it('GitHub Actions, the keys are masked and only the last step gets them', () => {
    const reader = new Reader();
    const page = readPage('github-actions');
    reader.follow(page);
    expect(readdirSync(join(reader.work, '.vault')).sort()).toEqual(['profiles', 'vault.json']);
    const { jobs } = parseYaml(fileOf(page, 'post.yml'));
    const [, , hide, post] = jobs.post.steps;
    expect(jobs.post.env).toEqual({ TWVAULT_HOME: `\${{ github.workspace }}/.vault` });
    for (const { env } of [hide, post])
      expect(env.TWVAULT_IDENTITY).toMatch(/^\$\{\{ secrets\.TWVAULT_IDENTITY \}\}$/);
    const env = {
      TWVAULT_HOME: join(reader.work, '.vault'),
      TWVAULT_IDENTITY: readFileSync(reader.identity, 'utf8'),
    };
    const masks = reader.shell(hide.run, env).trim().split('\n');
    expect(masks.sort()).toEqual(
      Object.values(reader.keys)
        .map((key) => `::add-mask::${key}`)
        .sort(),
    );
    expectKeys(reader.launch(words(post.run), env), reader);
  });

  it('pm2, the app gets the keys, and its configuration holds none', () => {
    const reader = new Reader();
    const path = join(reader.work, 'ecosystem.config.cjs');
    writeFileSync(
      path,
      fileOf(readPage('pm2'), 'ecosystem.config.cjs').replace('process.env.HOME', `'${reader.user.root}'`),
    );
    const [app] = createRequire(import.meta.url)(path).apps;
    expect(app.interpreter).toBe('none');
    expectKeys(reader.launch([app.script, ...words(app.args)], app.env), reader);
  });

  it.each([
    ['mcp', 'mcp.json', 'API_KEY'],
    ['jupyter', 'kernel.json', 'CONSUMER_KEY'],
  ])('%s, the command of %s gets the keys', (name, file, variable) => {
    const reader = new Reader();
    const settings = parseJson(fileOf(readPage(name), file).replaceAll('/home/me', reader.user.root));
    const { command, args, argv, env } = settings.mcpServers?.x ?? settings;
    const line: string[] = argv ?? [command, ...args];
    const kernel = line.indexOf('python3');
    const started = kernel < 0 ? line : [...line.slice(0, kernel), 'node', 'bot.js'];
    expectKeys(reader.launch(started, env), reader, variable);
  });

  it('VS Code, what launch.json starts gets the keys', () => {
    const reader = new Reader();
    const { configurations } = parseJson(fileOf(readPage('vscode'), 'launch.json'));
    const env = { TWVAULT_IDENTITY_FILE: reader.identity };
    const [node, python] = configurations;
    const program = node.program.replace(/^\$\{workspaceFolder\}/, reader.work);
    expectKeys(reader.launch([node.runtimeExecutable, ...node.runtimeArgs, program], env), reader);
    const line: string[] = [...python.python.slice(0, -1), 'node', 'bot.js'];
    expectKeys(reader.launch(line, env), reader, 'CONSUMER_KEY');
  });

  it('preparing leaves no file of keys behind', () => {
    const reader = new Reader();
    expect(existsSync(join(reader.work, 'keys.env'))).toBe(false);
  });
});
