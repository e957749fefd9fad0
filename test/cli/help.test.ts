import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { version } from '../../package.json';
import { COMMANDS } from '../../src/cli/commands/registry.ts';
import { parseExec } from '../../src/cli/exec/arguments.ts';
import { addExecOptions } from '../../src/cli/exec/options.ts';
import { User } from '../support/cli.ts';

const names = Object.keys(COMMANDS);

describe('help', () => {
  it.each(names)('of %s has real examples and costs no vault', (name) => {
    const user = new User();
    const { status, stdout, stderr } = user.run([name, '--help']);
    expect([status, stderr]).toEqual([0, '']);
    const examples = stdout.split('Examples:\n')[1]?.trim().split('\n') ?? [];
    expect(examples.length).toBeGreaterThanOrEqual(1);
    expect(examples.some((line) => line.includes(`twvault ${name}`))).toBe(true);
  });

  it('of the program lists every command', () => {
    const { stdout } = new User().must(['--help']);
    for (const name of names) expect(stdout).toMatch(new RegExp(`^ {2}${name}\\b`, 'm'));
    expect(new User().must(['--version']).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it('has the version, what it runs on and its formats as JSON', () => {
    const user = new User().withFileVault();
    user.add('personal');
    const runtime = { name: 'node', version: process.versions.node, v8: process.versions.v8 };
    const vault = JSON.parse(readFileSync(join(user.home, 'vault.json'), 'utf8')).format;
    for (const args of [
      ['--version', '--json'],
      ['--json', '-V'],
    ]) {
      const { stdout, stderr } = user.must(args);
      expect(stderr).toBe('');
      expect(JSON.parse(stdout)).toMatchObject({
        version,
        ...(process.env.TWVAULT_BINARY ? { build: 'binary' } : { build: 'npm', runtime }),
        platform: process.platform,
        arch: process.arch,
        formats: { vault, record: 'twvault-record-1', item: 'twvault-item-1', backup: 'twvault-backup-1' },
      });
    }
  });

  it('is offered where a command line is wrong', () => {
    const user = new User();
    const cases: [string[], RegExp][] = [
      [['guard'], /no command given/],
      [['lst'], /unknown command 'lst'/],
      [['list', '--jsn'], /unknown option '--jsn'/],
      [['add'], /missing required argument 'profile'/],
      [['use'], /missing required argument/],
      [['guard', 'install', 'more'], /too many arguments/],
      [['completion', 'install', 'csh'], /'csh' is invalid .* bash, zsh, fish, powershell/],
    ];
    for (const [args, message] of cases) {
      const { status, stdout, stderr } = user.run(args);
      expect([args, status, stdout]).toEqual([args, 2, '']);
      expect(stderr).toMatch(message);
      expect(stderr).toMatch(/hint: /);
    }
  });

  it('has a line in the registry for every file of a command', () => {
    const files = readdirSync(join(import.meta.dirname, '../../src/cli/commands'));
    const commands = files.filter((file) => file !== 'registry.ts').map((file) => file.replace('.ts', ''));
    expect(commands.sort()).toEqual([...names].sort());
  });
});

describe("exec's own reading of its arguments", () => {
  /** The same command line as commander reads it from the same table. */
  function byCommander(argv: readonly string[]) {
    let result: unknown;
    const command = new Command('exec').argument('<command...>').passThroughOptions().exitOverride();
    command.configureOutput({ writeErr: () => {}, writeOut: () => {} });
    addExecOptions(command);
    command.action((words: string[], options: Record<string, unknown>) => {
      const lists = { profile: [], only: [], without: [], env: [], envFile: [] };
      result = { ...lists, ...options, command: words };
    });
    try {
      command.parse([...argv], { from: 'user' });
    } catch {
      return undefined;
    }
    return result;
  }

  it('agrees with commander', () => {
    const word = fc.oneof(
      fc.constantFrom(
        '-p',
        '--profile',
        '--as',
        '--only',
        '--without=a',
        '-f',
        '--prefix',
        '--env-file',
        '--env',
        '--',
        '-',
        '-x',
        '--nope',
        '--as=x',
        '-pname',
        '--env=A=b',
        '--serve',
        '--serve=x',
        '--min-life',
        '--min-life=5m',
      ),
      fc.stringMatching(/^[a-z=,]{1,6}$/),
      fc.constant(''),
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 8 }), (argv) => {
        expect(parseExec(argv)).toEqual(byCommander(argv));
      }),
      { numRuns: 3000 },
    );
  });
});
