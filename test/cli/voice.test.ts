import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { User } from '../support/cli.ts';

/** Ways to steer a terminal, or to show another text than there is. */
const STEERING = '\x1b[2J\x07\x9b2J\x7f\u202e\u2066\r\ntwvault: all is well';

it.each([
  [
    'a key of .twvault.json',
    (user: User) => {
      writeFileSync(join(user.root, 'work', '.twvault.json'), JSON.stringify({ [STEERING]: 1 }));
      return user.run(['exec', '--', 'true']);
    },
  ],
  [
    "a folder's name",
    (user: User) => {
      const cwd = join(user.root, STEERING);
      mkdirSync(cwd);
      return user.run(['guard', 'install'], { cwd });
    },
  ],
  [
    "a command's name",
    (user: User) => {
      user.add('personal');
      return user.run(['exec', '--', STEERING]);
    },
  ],
])('%s steers no terminal and begins no line', (_, run) => {
  const { stderr, status } = run(new User().withFileVault());
  expect(status).not.toBe(0);
  expect(stderr).toContain('[2J');
  expect(stderr).not.toMatch(/[^\n\P{Cc}]|\p{Cf}|\ntwvault: all/u);
});

it('a stack keeps its lines', () => {
  const { stderr } = new User().run(['get', 'none', 'api_key'], { env: { TWVAULT_DEBUG: '1' } });
  expect(stderr).toMatch(/\n {4}at .*\n {4}at /);
});
