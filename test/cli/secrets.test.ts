import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { RUNNER, TWVAULT, User } from '../support/cli.ts';
import { generatedKeys, sentinel, tutorialLines } from '../support/credentials.ts';

/** The forms in which a value might lie somewhere: as it is, in base64 at each of three offsets, percent-encoded. */
function formsOf(value: string): string[] {
  const base64 = [0, 1, 2].map((offset) =>
    Buffer.from(`${' '.repeat(offset)}${value}`)
      .toString('base64')
      .slice(4, -4),
  );
  return [value, encodeURIComponent(value), ...base64];
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true, encoding: 'utf8' })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

/** The command lines of all processes, and their environments unless a child is meant to have the values there. */
function processes(isGiven: boolean): string[] {
  const ids = existsSync('/proc') ? readdirSync('/proc').filter((name) => /^\d+$/.test(name)) : [];
  return ids.flatMap((id) =>
    (isGiven ? ['cmdline'] : ['cmdline', 'environ']).flatMap((what) => {
      try {
        return [readFileSync(`/proc/${id}/${what}`, 'latin1')];
      } catch {
        return []; // it has ended, or is another user's
      }
    }),
  );
}

describe('a value', () => {
  it('is in no file of the vault, in no report, and in no process list', () => {
    const user = new User().withFileVault();
    const keys = { ...generatedKeys(), api_secret: sentinel(), access_token_secret: sentinel() };
    const extra = sentinel();
    const outputs = [
      user.must(['add', 'personal', '--stdin'], { input: tutorialLines(keys) }),
      user.must(['set', 'personal', 'OPENAI_API_KEY'], { input: extra }),
      user.must(['copy', 'personal', 'second']),
      user.must(['list', '--json']),
      user.must(['show', 'personal', '--json']),
      user.must(['doctor', '--json']),
      user.must(['exec', '--', 'sh', '-c', "cat /proc/[0-9]*/cmdline 2>/dev/null | tr '\\0' '\\n'"], {
        env: { TWVAULT_PROFILE: 'second' },
      }),
    ].map(({ stdout, stderr }) => stdout + stderr);
    const files = filesIn(user.home).map((path) => readFileSync(path, 'latin1'));
    expect(files.length).toBeGreaterThanOrEqual(5);
    for (const value of [...Object.values(keys), extra]) {
      for (const form of formsOf(value)) {
        for (const text of [...outputs, ...files]) expect(text.includes(form)).toBe(false);
      }
    }
  });

  it('is in no output, file, command line or environment of a process, whatever is run', async () => {
    const user = new User().withFileVault();
    const values: string[] = [];
    const planted = () => {
      const [keys, extra] = [{ ...generatedKeys(), api_secret: sentinel() }, sentinel()];
      values.push(...Object.values(keys), extra);
      return { lines: tutorialLines(keys), extra };
    };
    const [stdin, file] = [planted(), planted()];
    const plain = join(user.root, 'work/.env');
    writeFileSync(plain, file.lines);
    const backup = join(user.root, 'backup.age');
    const { recipient } = JSON.parse(readFileSync(join(user.home, 'vault.json'), 'utf8'));
    const identity = join(user.root, 'next.txt');
    const commands: [string[], string?][] = [
      [['add', 'personal', '--stdin'], stdin.lines],
      [['import', plain, '--profile', 'imported', '--yes']],
      [['set', 'personal', 'OPENAI_API_KEY'], stdin.extra],
      [['add', 'brand', '--inherit', 'personal', '--from', plain]],
      [['copy', 'personal', 'second']],
      [['rename', 'second', 'third']],
      [['use', 'personal']],
      [['list']],
      [['list', '--json']],
      [['show', 'brand', '--json']],
      [['status', '--json']],
      [['doctor', '--json']],
      [['scan', '--json', join(user.root, 'work')]],
      [['backup', backup, '--recipient', recipient]],
      [['restore', backup, '--dry-run']],
      [['restore', backup, '--replace']],
      [['unset', 'personal', 'OPENAI_API_KEY']],
      [['rekey', '--yes', '--identity-out', identity]],
      [['remove', 'third', '--yes']],
      [['exec', '--mask', '-p', 'brand', '--', 'printenv']],
    ];
    let looks = 0;
    const seen: string[] = [];
    for (const [args, input] of commands) {
      const run = user.start(args, { input: input ?? '', env: { TWVAULT_DEBUG: '1' } });
      let isRunning = true;
      const end = run.finally(() => {
        isRunning = false;
      });
      for (; isRunning; looks += 1) {
        seen.push(...processes(args[0] === 'exec'));
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      const { status, stdout, stderr } = await end;
      if (status !== (args[0] === 'scan' ? 5 : 0)) expect.fail(`${args.join(' ')}: ${status} ${stderr}`);
      seen.push(stdout, stderr);
      if (args[0] === 'rekey') user.env = { ...user.env, TWVAULT_IDENTITY_FILE: identity };
    }
    const kept = [...filesIn(user.root)].filter((path) => path !== plain);
    const texts = [...new Set(seen), ...kept.map((path) => readFileSync(path, 'latin1'))];
    for (const form of values.flatMap(formsOf))
      for (const text of texts) if (text.includes(form)) expect.fail(`a value is in ${text.slice(0, 200)}`);
    expect(looks).toBeGreaterThan(commands.length);
    console.log(
      `${commands.length} commands, ${kept.length} files, ${looks} looks at all processes, no value`,
    );
  }, 120_000);

  it('is in no error, with or without TWVAULT_DEBUG', () => {
    const user = new User().withFileVault();
    const value = sentinel();
    const inputs: [string[], string][] = [
      [['add', 'a', '--stdin'], `CONSUMER_KEY=${value} ${value}\n`],
      [['add', 'a', '--stdin'], `{"api_key": "${value}`],
      [['add', 'a', '--stdin'], `{"api_key": ["${value}"]}`],
      [['add', 'a', '--stdin'], value],
      [['add', 'a', '--stdin'], `API_KEY=${value}\nCONSUMER_KEY=${value}x\n`],
      [['add', 'a', '--from', value], ''],
      [['set', 'nobody', 'api_key'], value],
    ];
    for (const [args, input] of inputs) {
      for (const env of [{}, { TWVAULT_DEBUG: '1' }]) {
        const { status, stdout, stderr } = user.run(args, { input, env });
        expect(status).toBeGreaterThan(0);
        if (!args.includes(value)) expect(stdout + stderr).not.toContain(value);
      }
    }
  });

  it('that cannot be written is an error, not a success', () => {
    const user = new User().withFileVault();
    user.add('personal');
    const script = '"$0" "$1" get personal api_key > /dev/full';
    const { status, stderr } = spawnSync('sh', ['-c', script, RUNNER, TWVAULT], {
      env: user.env as NodeJS.ProcessEnv,
      encoding: 'utf8',
    });
    expect(status).toBe(1);
    expect(stderr).toMatch(/^twvault: cannot write to standard output: .*ENOSPC/);
  });
});
