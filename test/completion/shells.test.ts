import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { has, hasFile } from '../support/tools.ts';
import { KEY, Terminal } from '../terminal/pty.ts';
import { userWhoTypes } from './typing.ts';

const TAB = '\t';
const CLEAR_LINE = '\x15';
const BASH_COMPLETION = '/usr/share/bash-completion/bash_completion';

/** Shells, each with how it is started without anyone's configuration and how it gets the script. */
const SHELLS = {
  bash: { args: ['--norc', '--noprofile', '-i'], load: 'source <(twvault completion bash)' },
  'bash with bash-completion': {
    args: ['--norc', '--noprofile', '-i'],
    load: `source ${BASH_COMPLETION}; source <(twvault completion bash)`,
  },
  zsh: {
    args: ['-f', '-i'],
    load: 'autoload -U compinit; compinit -u -D; source <(twvault completion zsh)',
  },
  fish: { args: ['--no-config', '-i'], load: 'twvault completion fish | source' },
};

async function shellWith(name: keyof typeof SHELLS, user = userWhoTypes()): Promise<Terminal> {
  const { args, load } = SHELLS[name];
  const shell = new Terminal(user, name.split(' ')[0] as string, args);
  shell.type(`${load}${KEY.enter}`);
  shell.type(`echo READ''Y${KEY.enter}`);
  await shell.until('READY');
  return shell;
}

/** What is typed before the tab, and the arguments that come of it. */
const CASES: readonly (readonly [string, string])[] = [
  ['li', '<list>'],
  ['exec -p br', '<exec><-p><brand>'],
  ['exec --profile=br', '<exec><--profile=brand>'],
  ['exec --as tut', '<exec><--as><tutorial>'],
  ['exec --as=tut', '<exec><--as=tutorial>'],
  ['exec -p brand --only api_key,OP', '<exec><-p><brand><--only><api_key,OPENAI_API_KEY>'],
  ['exec -p brand --env MY_KEY=OP', '<exec><-p><brand><--env><MY_KEY=OPENAI_API_KEY>'],
  ['export brand --format gi', '<export><brand><--format><github>'],
  ['init --store k', '<init><--store><keychain>'],
  ['guard unin', '<guard><uninstall>'],
  ['get brand OP', '<get><brand><OPENAI_API_KEY>'],
  ['import no', '<import><notes of mine.txt>'],
  ['add new --from=no', '<add><new><--from=notes of mine.txt>'],
  ['exec --as=x -- zz-pro', '<exec><--as=x><--><zz-program>'],
  ['exec -p brand zz-pro', '<exec><-p><brand><zz-program>'],
  ['exec -- cat no', '<exec><--><cat><notes of mine.txt>'],
  ['exec --nonesuch', '<exec><--nonesuch>'],
  ['nonesuch br', '<nonesuch><br>'],
];

for (const name of Object.keys(SHELLS) as (keyof typeof SHELLS)[]) {
  const program = name.split(' ')[0] as string;
  const isThere =
    has(program, `completion in ${name}`) &&
    (program === name || hasFile(BASH_COMPLETION, `completion in ${name}`));
  describe.skipIf(!isThere)(`a tab in ${name}`, () => {
    it('completes commands, options, values, names, files and the command line of exec', async () => {
      const shell = await shellWith(name);
      const results: [string, string][] = [];
      for (const [typed] of CASES) {
        shell.type(`twvault ${typed}${TAB}${KEY.enter}`);
        await shell.until('RAN[');
        results.push([typed, await shell.until(']')]);
      }
      expect(results).toEqual(CASES);
    });

    it('runs nothing of what stands on the line', async () => {
      const user = userWhoTypes();
      const shell = await shellWith(name, user);
      shell.type(`twvault get "$(touch made)" OP${TAB}${CLEAR_LINE}echo DO''NE${KEY.enter}`);
      await shell.until('DONE');
      expect(existsSync(join(user.root, 'made'))).toBe(false);
    });

    it('lets Node read no file that the line names', async () => {
      const user = userWhoTypes();
      writeFileSync(join(user.root, 'evil.cjs'), `require('fs').writeFileSync('${user.root}/made', '')`);
      writeFileSync(join(user.root, '.env'), `NODE_OPTIONS=--require=${user.root}/evil.cjs\n`);
      const shell = await shellWith(name, user);
      for (const line of ['exec --env-file .env --as tut', 'exec --env-file=.env --as tut']) {
        shell.type(`twvault ${line}${TAB}${KEY.enter}`);
        await shell.until('RAN[');
        expect(await shell.until(']')).toMatch(/<tutorial>$/);
      }
      expect(existsSync(join(user.root, 'made'))).toBe(false);
    });
  });
}

describe.skipIf(!hasFile(BASH_COMPLETION, 'the own completion of what exec runs'))(
  'with bash-completion',
  () => {
    it('the command of exec completes as it does by itself', async () => {
      const shell = await shellWith('bash with bash-completion');
      shell.type(`complete -W only-word zz-program${KEY.enter}`);
      shell.type(`twvault exec --as=x -- zz-program on${TAB}${KEY.enter}`);
      await shell.until('RAN[');
      expect(await shell.until(']')).toBe('<exec><--as=x><--><zz-program><only-word>');
    });
  },
);
