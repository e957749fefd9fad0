import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { RUNNER, TWVAULT, User } from '../support/cli.ts';
import { has } from '../support/tools.ts';
import { KEY, Terminal } from './pty.ts';

const END_OF_INPUT = '\x04';

/** Each shell with a user's start file, which gives a command and a prompt of its own. */
const SHELLS = {
  bash: { file: '.bashrc', text: `hi() { echo from-user; }; PS1='mine$ '` },
  'bash with a prompt command': {
    file: '.bashrc',
    text: `hi() { echo from-user; }; PROMPT_COMMAND='PS1="mine$ ";'`,
  },
  'bash with several prompt commands': {
    file: '.bashrc',
    text: `hi() { echo from-user; }; PROMPT_COMMAND=(true 'PS1="mine$ "')`,
  },
  zsh: { file: '.zshrc', text: `hi() { echo from-user; }; PROMPT='mine$ '` },
  'zsh with a prompt function': {
    file: '.zshrc',
    text: `hi() { echo from-user; }; precmd() { PROMPT='mine$ '; }`,
  },
  fish: {
    file: '.config/fish/config.fish',
    text: `function hi; echo from-user; end\nfunction fish_prompt; echo -n 'mine$ '; end`,
  },
  dash: { file: '.shrc', text: `hi() { echo from-user; }; PS1='mine$ '` },
};

/** Goes on until it is interrupted; says when it goes on after a stop, for only then it has the terminal again. */
const JOB = `#!${process.execPath}
process.on('SIGCONT', () => console.log('GOING ON'));
setInterval(() => {}, 1000);
console.log('BEGUN');
`;

function userOf(name: keyof typeof SHELLS): User {
  const user = new User().withFileVault();
  const { file, text } = SHELLS[name];
  const path = join(user.root, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${text}\n`);
  const { identityFile } = user;
  const bin = join(user.root, 'bin');
  mkdirSync(bin);
  writeFileSync(
    join(bin, 'twvault'),
    `#!/bin/sh\nTWVAULT_IDENTITY_FILE='${identityFile}' exec '${RUNNER}' '${TWVAULT}' "$@"\n`,
    { mode: 0o755 },
  );
  // Otherwise fish makes them in the background, for longer than a test takes.
  mkdirSync(join(user.root, '.local/share/fish/generated_completions'), { recursive: true });
  writeFileSync(join(bin, 'job'), JOB, { mode: 0o755 });
  user.env = {
    ...user.env,
    PATH: `${bin}:${process.env.PATH}`,
    TERM: 'xterm',
    ENV: join(user.root, '.shrc'),
    SHELL: name.split(' ')[0],
  };
  return user;
}

for (const name of Object.keys(SHELLS) as (keyof typeof SHELLS)[]) {
  describe.skipIf(!has(name.split(' ')[0] as string, `twvault shell with ${name}`, ['-c', ':']))(
    `in ${name}`,
    () => {
      it("the prompt names the profile, after the user's own start files", async () => {
        const user = userOf(name);
        const keys = user.add('brand');
        const terminal = Terminal.twvault(user, 'shell', 'brand');
        await terminal.until('(twvault:brand) ');
        await terminal.until('mine$ ');
        terminal.type(`hi; echo "<$TWVAULT_SHELL $TWITTER_API_KEY>"${KEY.enter}`);
        await terminal.until('from-user');
        await terminal.until(`<brand ${keys.api_key}>`);
        terminal.type(`echo ZDOT"[$ZDOTDIR]" FILE"[$TWVAULT_IDENTITY_FILE]"${KEY.enter}`);
        await terminal.until('ZDOT[] FILE[]');
        await terminal.until('(twvault:brand) ');
        terminal.type(`exit 7${KEY.enter}`);
        expect(await terminal.ended()).toBe(7);
      });

      it('jobs stop and go on, Ctrl-C ends a command alone, Ctrl-D ends the shell', async () => {
        const user = userOf(name);
        user.add('brand');
        const terminal = Terminal.twvault(user, 'shell');
        await terminal.until('mine$ ');
        terminal.type(`job${KEY.enter}`);
        await terminal.until('BEGUN');
        terminal.type(KEY.suspend);
        await terminal.until('mine$ ');
        terminal.type(`fg${KEY.enter}`);
        await terminal.until('GOING ON');
        terminal.type(KEY.interrupt);
        await terminal.until('mine$ ');
        terminal.type(`true; echo ALI''VE${KEY.enter}`);
        await terminal.until('ALIVE');
        await terminal.until('mine$ ');
        terminal.type(END_OF_INPUT);
        expect(await terminal.ended()).toBe(0);
      });

      it('another one within needs --nest', async () => {
        const user = userOf(name);
        user.add('brand');
        user.add('personal');
        const terminal = Terminal.twvault(user, 'shell', 'brand');
        await terminal.until('mine$ ');
        terminal.type(`twvault shell personal || echo REF''USED${KEY.enter}`);
        await terminal.until('twvault: this is already a twvault shell, of brand');
        await terminal.until('REFUSED');
        await terminal.until('mine$ ');
        terminal.type(`twvault shell personal --nest${KEY.enter}`);
        await terminal.until('(twvault:personal) ');
        await terminal.until('mine$ ');
        terminal.type(END_OF_INPUT);
        await terminal.until('(twvault:brand) ');
        await terminal.until('mine$ ');
        terminal.type(END_OF_INPUT);
        await terminal.ended();
      });
    },
  );
}

describe('twvault shell', () => {
  it('takes the options of exec, and gives the status of the shell', () => {
    const user = new User().withFileVault();
    const keys = user.add('brand');
    user.env = { ...user.env, SHELL: '/bin/sh' };
    const { status, stdout, stderr } = user.run(
      ['shell', '-p', 'brand', '--as', 'tutorial', '--only', 'api_key', '--env', 'MINE=api_secret'],
      { input: 'echo "$CONSUMER_KEY $CONSUMER_SECRET $MINE $TWVAULT_PROFILE"; exit 9\n' },
    );
    expect([status, stdout, stderr]).toEqual([9, `${keys.api_key}  ${keys.api_secret} brand\n`, '']);
  });

  it('starts /bin/sh where SHELL is not set, and says so where SHELL is no program', () => {
    const user = new User().withFileVault();
    user.add('brand');
    expect(user.run(['shell'], { input: 'exit 4\n', env: { SHELL: undefined } }).status).toBe(4);
    const missing = user.run(['shell'], { env: { SHELL: '/no/such/shell' } });
    expect(missing.status).toBe(127);
    expect(missing.stderr).toMatch(/^twvault: command not found: \/no\/such\/shell\n/);
  });

  it('fails like any other command before the shell begins', () => {
    const user = new User().withFileVault();
    user.add('brand');
    const env = { SHELL: '/bin/sh' };
    const codes = [
      user.run(['shell', 'nobody'], { env }),
      user.run(['shell', 'brand', '-p', 'personal'], { env }),
      user.run(['shell', 'brand'], { env: { ...env, TWVAULT_IDENTITY_FILE: '' } }),
      user.run(['shell', 'brand'], { env: { ...env, TWVAULT_SHELL: 'brand' } }),
    ].map(({ status }) => status);
    expect(codes).toEqual([4, 2, 3, 1]);
  });
});
