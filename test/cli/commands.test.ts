import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { User } from '../support/cli.ts';
import { alphanumeric, generatedKeys, sentinel, tutorialLines } from '../support/credentials.ts';

describe('add', () => {
  it('takes dotenv lines and JSON from standard input, and a Python file', () => {
    const user = new User().withFileVault();
    const keys = generatedKeys('4711');
    const file = join(user.root, 'twitter_credentials.py');
    writeFileSync(file, `CONSUMER_KEY = "${keys.api_key}"\nCONSUMER_SECRET = '${keys.api_secret}'\n`);
    user.must(['add', 'lines', '--stdin'], { input: tutorialLines(keys) });
    user.must(['add', 'json', '--stdin'], {
      input: JSON.stringify({ X_API_KEY: keys.api_key, api_secret: keys.api_secret }),
    });
    const { stderr } = user.must(['add', 'python', '--from', file]);
    expect(stderr).toContain('still holds the keys in plaintext');
    for (const name of ['lines', 'json', 'python']) {
      expect(user.must(['get', name, 'api_key']).stdout).toBe(`${keys.api_key}\n`);
    }
    expect(JSON.parse(user.must(['show', 'lines', '--json']).stdout).account).toEqual({ id: '4711' });
  });

  it('says what it cleaned, ignored and found odd, and where the keys are now', () => {
    const user = new User().withFileVault();
    const keys = generatedKeys();
    const input = `CONSUMER_KEY="'${keys.api_key}'"\nCONSUMER_SECRET=tooshort1\nOPENAI_API_KEY=sk-1\nACCESS_TOKEN=${keys.access_token}\n`;
    const { stdout, stderr } = user.must(['add', 'personal', '--stdin'], { input });
    expect(stdout).toBe('');
    expect(stderr).toMatch(/api_key: took off quotes/);
    expect(stderr).toMatch(/left alone.*OPENAI_API_KEY/);
    expect(stderr).toMatch(/warning: api_secret has an unusual shape \(9 characters/);
    expect(stderr).toMatch(/access_token is of no use without access_token_secret/);
    expect(stderr).toContain(`in ${user.home}`);
    for (const value of [keys.api_key, keys.access_token, 'tooshort1', 'sk-1'])
      expect(stderr).not.toContain(value);
  });

  it('refuses placeholders and stores nothing then', () => {
    const user = new User().withFileVault();
    const keys = generatedKeys();
    for (const bad of ['YOUR_SECRET', '""', 'xxxxxxxx', '']) {
      const input = `CONSUMER_KEY=${keys.api_key}\nCONSUMER_SECRET=${bad}\n`;
      const { status, stderr } = user.run(['add', 'personal', '--stdin'], { input });
      expect([bad, status]).toEqual([bad, 2]);
      expect(stderr).toMatch(/api_secret is (a placeholder|empty)/);
    }
    expect(user.must(['list', '--json']).stdout).toBe('[]\n');
  });

  it('leaves a profile of that name alone, unless told to replace it', () => {
    const user = new User().withFileVault();
    const first = user.add('personal');
    const second = generatedKeys();
    const again = user.run(['add', 'personal', '--stdin'], { input: tutorialLines(second) });
    expect(again).toMatchObject({ status: 1, stdout: '' });
    expect(user.must(['get', 'personal', 'api_key']).stdout).toBe(`${first.api_key}\n`);
    user.must(['set', 'personal', 'EXTRA'], { input: 'x' });
    user.must(['add', 'personal', '--stdin', '--replace'], { input: tutorialLines(second) });
    expect(user.must(['get', 'personal', 'api_key']).stdout).toBe(`${second.api_key}\n`);
    expect(user.run(['get', 'personal', 'EXTRA']).status).toBe(4);
  });

  it('sets up the file store from what the environment brings', () => {
    const source = new User().withFileVault();
    const identity = readFileSync(source.identityFile, 'utf8').split('\n').at(-2) ?? '';
    const ways: Record<string, string>[] = [
      { TWVAULT_IDENTITY: identity },
      { TWVAULT_IDENTITY_FILE: source.identityFile },
      { TWVAULT_PASSPHRASE: 'correct horse battery' },
    ];
    for (const env of ways) {
      const user = new User();
      const keys = generatedKeys();
      user.must(['add', 'personal', '--stdin'], { env, input: tutorialLines(keys) });
      expect(user.must(['get', 'personal', 'api_secret'], { env }).stdout).toBe(`${keys.api_secret}\n`);
      expect(user.run(['get', 'personal', 'api_secret']).status).toBe(3);
    }
  });

  it('stops at once, with hints and without a trace, where nothing can be asked', () => {
    const user = new User();
    const { status, stderr } = user.run(['add', 'personal', '--stdin'], {
      input: tutorialLines(generatedKeys()),
    });
    expect(status).toBe(3);
    expect(stderr).toMatch(/hint: twvault init --store file --identity-out FILE/);
    expect(() => statSync(user.home)).toThrow();
  });

  it('refuses a parent that is not there', () => {
    const user = new User().withFileVault();
    const input = tutorialLines(generatedKeys());
    expect(user.run(['add', 'brand', '--stdin', '--inherit', 'nobody'], { input }).status).toBe(4);
    expect(user.run(['add', 'brand', '--stdin', '--inherit', 'brand'], { input }).status).not.toBe(0);
    expect(user.must(['list', '--json']).stdout).toBe('[]\n');
  });
});

describe('init', () => {
  it('keeps the identity where it was told, and nowhere else', () => {
    const user = new User().withFileVault();
    expect(statSync(user.identityFile).mode & 0o777).toBe(0o600);
    const secret = readFileSync(user.identityFile, 'utf8').split('\n').at(-2) as string;
    for (const path of ['vault.json'])
      expect(readFileSync(join(user.home, path), 'utf8')).not.toContain(secret);
    expect(user.run(['init', '--store', 'file', '--identity-out', join(user.root, 'other')]).status).toBe(1);
    expect(() => statSync(join(user.root, 'other'))).toThrow();
  });

  it('never overwrites a file with the identity', () => {
    const user = new User();
    writeFileSync(user.identityFile, 'mine');
    expect(user.run(['init', '--store', 'file', '--identity-out', user.identityFile]).status).toBe(1);
    expect(readFileSync(user.identityFile, 'utf8')).toBe('mine');
  });

  it('protects the identity with a passphrase', () => {
    const user = new User();
    const env = { TWVAULT_PASSPHRASE: 'a long enough passphrase' };
    user.must(['init', '--store', 'file', '--passphrase'], { env });
    user.env = { ...user.env, ...env };
    const keys = user.add('personal');
    expect(user.must(['get', 'personal', 'api_key']).stdout).toBe(`${keys.api_key}\n`);
    const wrong = user.run(['get', 'personal', 'api_key'], { env: { TWVAULT_PASSPHRASE: 'another' } });
    expect(wrong).toMatchObject({ status: 3, stdout: '' });
    expect(wrong.stderr).toContain('wrong passphrase');
    const file = join(user.root, 'passphrase');
    writeFileSync(file, 'a long enough passphrase\n');
    user.must(['get', 'personal', 'api_key'], {
      env: { TWVAULT_PASSPHRASE: 'another', TWVAULT_PASSPHRASE_FILE: file },
    });
  });

  it.each([
    [['--store', 'nothing']],
    [['--store', 'keychain', '--passphrase']],
    [['--passphrase', '--identity-out', 'x']],
    [[]],
  ])('refuses %j', (args) => {
    const user = new User();
    expect(user.run(['init', ...args]).status).toBe(2);
    expect(() => statSync(user.home)).toThrow();
  });
});

describe('values', () => {
  it('are set, read and removed one by one', () => {
    const user = new User().withFileVault();
    user.add('personal');
    const secret = alphanumeric(50);
    user.must(['set', 'personal', 'CONSUMER_SECRET'], { input: `"${secret}"\n` });
    expect(user.must(['get', 'personal', 'api_secret']).stdout).toBe(`${secret}\n`);
    user.must(['set', 'personal', 'OPENAI_API_KEY'], { input: 'line one\nline two\n' });
    expect(user.must(['get', 'personal', 'OPENAI_API_KEY']).stdout).toBe('line one\nline two\n');
    user.must(['unset', 'personal', 'OPENAI_API_KEY']);
    expect(user.run(['get', 'personal', 'OPENAI_API_KEY'])).toMatchObject({ status: 4, stdout: '' });
    expect(user.run(['unset', 'personal', 'bearer_token']).status).toBe(4);
  });

  it('are never taken from arguments, nor repeated when they are', () => {
    const user = new User().withFileVault();
    user.add('personal');
    const secret = alphanumeric(50);
    const attempts = [
      ['set', 'personal', 'api_secret', secret],
      ['add', 'personal2', '--api-secret', secret],
      ['add', 'personal2', `--api-secret=${secret}`],
      ['set', 'personal', secret],
      ['get', secret, 'api_key'],
      [secret],
      ['exec', `--${secret}`, '--', 'true'],
    ];
    for (const args of attempts) {
      const { status, stdout, stderr } = user.run(args, { input: '' });
      expect([2, 125]).toContain(status);
      expect(stdout + stderr).not.toContain(secret);
    }
    expect(user.run(['set', 'personal', 'api_secret', secret]).stderr).toContain(
      'values are never arguments',
    );
  });

  it('go only to a profile that exists', () => {
    const user = new User().withFileVault();
    user.add('personal');
    const { status, stderr } = user.run(['set', 'persona', 'api_key'], { input: alphanumeric(25) });
    expect(status).toBe(4);
    expect(stderr).toContain('hint: profiles: personal');
    expect(user.run(['set', 'personal', 'lower'], { input: 'x' }).status).toBe(2);
    expect(user.run(['set', 'personal', 'LD_PRELOAD'], { input: 'x' }).status).toBe(2);
    expect(user.run(['set', 'personal', 'api_key'], { input: '' }).status).toBe(2);
  });
});

describe('profiles', () => {
  it('are listed with account, keys, store, default and age, and no value', () => {
    const user = new User().withFileVault();
    const keys = user.add('app', generatedKeys('1'));
    user.must(['add', 'brand', '--stdin', '--inherit', 'app'], {
      input: `ACCESS_TOKEN=2-${alphanumeric(40)}`,
    });
    user.must(['use', 'brand']);
    const { stdout } = user.must(['list']);
    expect(stdout).toMatch(/^\* {2}brand +2 +access_token app:api +file +today$/m);
    expect(stdout).toMatch(/^ {3}app +1 +api access +file +today$/m);
    const json = user.must(['list', '--json']).stdout;
    expect(JSON.parse(json).map(({ name, isDefault }: never) => [name, isDefault])).toEqual([
      ['app', false],
      ['brand', true],
    ]);
    for (const value of Object.values(keys)) expect(stdout + json).not.toContain(value);
  });

  it('can be listed and shown without opening anything', () => {
    const user = new User().withFileVault();
    user.add('personal');
    const env = { TWVAULT_IDENTITY_FILE: '' };
    expect(user.run(['list'], { env }).status).toBe(0);
    expect(user.run(['show', 'personal'], { env }).stdout).toMatch(/^api_secret +set today$/m);
    expect(user.run(['show'], { env }).status).toBe(0);
    expect(user.run(['show', 'nobody'], { env }).status).toBe(4);
  });

  it('are renamed with their children and the default following', () => {
    const user = new User().withFileVault();
    const keys = user.add('app');
    user.add('brand', generatedKeys(), '--inherit', 'app');
    user.must(['unset', 'brand', 'api_key']);
    user.must(['unset', 'brand', 'api_secret']);
    user.must(['use', 'app']);
    user.must(['rename', 'app', 'main']);
    expect(user.must(['get', 'brand', 'api_secret']).stdout).toBe(`${keys.api_secret}\n`);
    expect(JSON.parse(user.must(['show', 'brand', '--json']).stdout).inherit).toBe('main');
    expect(JSON.parse(user.must(['show', '--json']).stdout).name).toBe('main');
    expect(user.run(['show', 'app']).status).toBe(4);
    expect(user.run(['rename', 'brand', 'main']).status).toBe(1);
    expect(user.run(['rename', 'nobody', 'x']).status).toBe(4);
    expect(user.run(['rename', 'main', 'main']).status).toBe(1);
  });

  it('are renamed with a hint where the folder is bound to the old name', () => {
    const user = new User().withFileVault();
    user.add('personal');
    expect(user.must(['rename', 'personal', 'first']).stderr).toBe('twvault: personal is now first\n');
    const project = join(user.root, 'work', '.twvault.json');
    for (const [bound, from, to] of [
      [{ profile: 'first' }, 'first', 'second'],
      [{ profiles: ['other', 'second'] }, 'second', 'third'],
    ] as const) {
      writeFileSync(project, JSON.stringify(bound));
      expect(user.must(['rename', from, to]).stderr).toBe(
        `twvault: ${from} is now ${to}\ntwvault: hint: ${project} still names ${from}: change it there\n`,
      );
    }
    writeFileSync(project, '{"profile": 1}');
    expect(user.must(['rename', 'third', 'fourth']).stderr).toBe('twvault: third is now fourth\n');
  });

  it('are copied whole', () => {
    const user = new User().withFileVault();
    const keys = user.add('personal');
    user.must(['copy', 'personal', 'second']);
    expect(user.must(['get', 'second', 'api_key']).stdout).toBe(`${keys.api_key}\n`);
    expect(user.run(['copy', 'personal', 'second']).status).toBe(1);
  });

  it('are removed only when it was meant, and a parent never silently', () => {
    const user = new User().withFileVault();
    const keys = user.add('app');
    user.must(['add', 'brand', '--stdin', '--inherit', 'app'], {
      input: `ACCESS_TOKEN=2-${alphanumeric(40)}`,
    });
    user.must(['use', 'app']);
    expect(user.run(['remove', 'app']).status).not.toBe(0);
    const parent = user.run(['remove', 'app', '--yes']);
    expect(parent.status).toBe(1);
    expect(parent.stderr).toContain('brand inherits from app');
    user.must(['remove', 'app', '--yes', '--detach']);
    expect(user.must(['get', 'brand', 'api_secret']).stdout).toBe(`${keys.api_secret}\n`);
    expect(JSON.parse(user.must(['show', 'brand', '--json']).stdout).inherit).toBeNull();
    expect(user.run(['remove', 'app', '--yes']).status).toBe(4);
    expect(user.must(['exec', '--', 'true']).status).toBe(0);
    user.must(['remove', 'brand', '--yes']);
    expect(user.must(['list', '--json']).stdout).toBe('[]\n');
  });
});

describe('doctor', () => {
  it('finds a healthy vault healthy', () => {
    const user = new User().withFileVault();
    user.add('personal');
    const { status, stdout } = user.run(['doctor']);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^ok +identity: at hand$/m);
    expect(stdout).toMatch(/^ok +personal: opens; 4 fields, 0 extras$/m);
  });

  it('says what is wrong and mends what can be mended', () => {
    const user = new User().withFileVault();
    user.add('personal');
    user.add('second');
    const { chmodSync, rmSync } = process.getBuiltinModule('node:fs');
    chmodSync(join(user.home, 'profiles', 'personal.age'), 0o644);
    chmodSync(user.home, 0o755);
    rmSync(join(user.home, 'index', 'second.json'));
    writeFileSync(join(user.home, 'index', 'personal.json'), '{broken');
    const before = user.run(['doctor', '--json']);
    expect(before.status).toBe(1);
    const problems = JSON.parse(before.stdout).filter(
      ({ status }: { status: string }) => status === 'problem',
    );
    expect(problems.map(({ subject }: { subject: string }) => subject).sort()).toEqual([
      'permissions',
      'permissions',
      'personal',
      'second',
    ]);
    expect(user.run(['exec', '-p', 'personal', '--', 'true']).status).toBe(125);
    user.must(['doctor', '--fix']);
    expect(user.run(['exec', '-p', 'personal', '--', 'true']).status).toBe(0);
    expect(statSync(user.home).mode & 0o777).toBe(0o700);
    expect(JSON.parse(user.must(['list', '--json']).stdout)).toHaveLength(2);
  });

  it('works where there is no vault, and says what a locked one needs', () => {
    expect(new User().run(['doctor']).status).toBe(0);
    const user = new User().withFileVault();
    user.add('personal');
    const { stdout } = user.run(['doctor'], { env: { TWVAULT_IDENTITY_FILE: '' } });
    expect(stdout).toMatch(/^note +identity: the vault is locked/m);
  });

  it('names a missing default, project profile and parent, a stale lock and what a killed writer left', () => {
    const user = new User().withFileVault();
    user.add('app');
    user.must(['add', 'brand', '--stdin', '--inherit', 'app'], {
      input: `ACCESS_TOKEN=2-${alphanumeric(40)}`,
    });
    const { rmSync, utimesSync } = process.getBuiltinModule('node:fs');
    for (const file of ['profiles/app.age', 'index/app.json']) rmSync(join(user.home, file));
    const path = join(user.home, 'vault.json');
    writeFileSync(path, JSON.stringify({ ...JSON.parse(readFileSync(path, 'utf8')), default: 'gone' }));
    writeFileSync(join(user.root, 'work/.twvault.json'), '{"profile": "nobody"}');
    writeFileSync(join(user.home, 'profiles/app.age.0123456789abcdef.tmp'), '', { mode: 0o600 });
    writeFileSync(join(user.home, 'lock'), '', { mode: 0o600 });
    utimesSync(join(user.home, 'lock'), new Date(0), new Date(0));
    const { status, stdout } = user.run(['doctor'], { env: { TWVAULT_PROFILE: 'absent' } });
    expect(status).toBe(1);
    expect(stdout).toMatch(/^PROBLEM +brand: inherits from app, which is not there$/m);
    expect(stdout).toMatch(/^PROBLEM +default: there is no profile gone$/m);
    expect(stdout).toMatch(/^PROBLEM +TWVAULT_PROFILE: there is no profile absent$/m);
    expect(stdout).toMatch(/^PROBLEM +project: .*\.twvault\.json names the profile nobody/m);
    expect(stdout).toMatch(/^note +left-over: .*\.tmp$/m);
    expect(stdout).toMatch(/^note +lock: .* was left by a writer that died$/m);
  });
});

describe('use', () => {
  it('says what has precedence over the default here', () => {
    const user = new User().withFileVault();
    user.add('personal');
    user.add('brand');
    expect(user.must(['use', 'brand']).stderr).not.toContain('precedence');
    const variable = user.must(['use', 'brand'], { env: { TWVAULT_PROFILE: 'personal' } });
    expect(variable.stderr).toContain('TWVAULT_PROFILE has precedence over the default');
    user.must(['use', 'personal', '--here']);
    expect(user.must(['use', 'brand']).stderr).toMatch(/\.twvault\.json has precedence over the default/);
  });
});

describe('init --low-memory', () => {
  it('halves the work factor of the passphrase', () => {
    const passphrase = { TWVAULT_PASSPHRASE: sentinel() };
    for (const [options, logN] of [
      [[], '18'],
      [['--low-memory'], '17'],
    ] as const) {
      const user = new User();
      user.must(['init', '--store', 'file', '--passphrase', ...options], { env: passphrase });
      const header = readFileSync(join(user.home, 'identity.age'), 'latin1');
      expect(header.split('\n')[1]).toMatch(new RegExp(`^-> scrypt \\S+ ${logN}$`));
      user.must(['add', 'personal', '--stdin'], {
        input: tutorialLines(generatedKeys()),
        env: passphrase,
      });
    }
  });
});
