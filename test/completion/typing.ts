import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { RUNNER, TWVAULT, User } from '../support/cli.ts';

export function executable(path: string, text: string): void {
  writeFileSync(path, text);
  chmodSync(path, 0o755);
}

/** A user with two profiles, whose `twvault` completes, and otherwise shows its arguments instead of running. */
export function userWhoTypes(): User {
  const user = new User().withFileVault();
  user.add('brand');
  user.add('personal');
  user.must(['set', 'brand', 'OPENAI_API_KEY'], { input: 'made-up-value-1' });
  const bin = join(user.root, 'bin');
  mkdirSync(bin);
  executable(
    join(bin, 'twvault'),
    `#!/bin/sh
case $1 in __complete | completion) exec '${RUNNER}' '${TWVAULT}' "$@" ;; esac
printf 'RAN['; printf '<%s>' "$@"; echo ']'
`,
  );
  executable(join(bin, 'zz-program'), '#!/bin/sh\n');
  writeFileSync(join(user.root, 'notes of mine.txt'), '');
  user.env = {
    ...user.env,
    PATH: `${bin}:${process.env.PATH}`,
    TERM: 'xterm',
    TWVAULT_IDENTITY_FILE: undefined,
  };
  return user;
}
