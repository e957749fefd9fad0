import { chmodSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { programNamed } from '../../src/system/program.ts';
import { temporaryFolder, User } from '../support/cli.ts';
import { generatedKeys } from '../support/credentials.ts';

function script(path: string, text = '#!/bin/sh\n', mode = 0o755): string {
  writeFileSync(path, text);
  chmodSync(path, mode);
  return path;
}

it('is the first in an absolute folder of PATH that can be run', () => {
  const folder = temporaryFolder();
  for (const name of ['a', 'b', 'c']) mkdirSync(join(folder, name));
  mkdirSync(join(folder, 'a', 'tool'));
  script(join(folder, 'b', 'tool'), 'x', 0o644);
  const good = script(join(folder, 'c', 'tool'));
  expect(programNamed('tool', { PATH: ['a', 'b', 'c'].map((name) => join(folder, name)).join(':') })).toBe(
    good,
  );
  expect(programNamed('tool', { PATH: `${folder}/a:${folder}/b` })).toBeUndefined();
});

it.each(['', '.', 'bin'])('never lies in the working folder, by the element "%s" of PATH', (element) => {
  const user = new User().withFileVault();
  const work = join(user.root, 'work');
  mkdirSync(join(work, 'bin'));
  mkdirSync(join(work, '.git'));
  for (const name of ['git', 'python3', 'bin/git', 'bin/python3'])
    script(join(work, name), `#!/bin/sh\ntouch '${work}/ran-${name.replace('/', '-')}'\n`);
  const keys = generatedKeys();
  writeFileSync(join(work, 'c.py'), `API_KEY = "${keys.api_key}"\nAPI_SECRET = "${keys.api_secret}"\n`);
  const env = { PATH: `${element}:${process.env.PATH}` };
  expect(user.run(['scan'], { env }).status).toBe(5);
  expect(user.must(['import', '--dry-run', '--scrub', 'c.py'], { env }).stdout).toContain('os.environ');
  expect(readdirSync(work).filter((name) => name.startsWith('ran-'))).toEqual([]);
});
