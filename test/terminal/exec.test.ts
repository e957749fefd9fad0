import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { RUNNER, TWVAULT, User } from '../support/cli.ts';
import { has } from '../support/tools.ts';
import { KEY, Terminal } from './pty.ts';

function userWithProfile(): User {
  const user = new User().withFileVault();
  user.add('personal');
  return user;
}

/** A command line of the shell that runs a Node script under exec. */
function underExec(user: User, script: string): string {
  const path = join(user.root, 'child.cjs');
  writeFileSync(path, script);
  return `twvault exec -- '${process.execPath}' '${path}'; echo "code=$?"${KEY.enter}`;
}

const shellIsThere = has('bash', 'tests of exec in a shell');

describe.skipIf(!shellIsThere)('exec in a shell on a terminal', () => {
  it('Ctrl-C reaches the child once, and its exit code is kept', async () => {
    const user = userWithProfile();
    const shell = await Terminal.shell(user);
    const script = `
      let count = 0;
      process.on('SIGINT', () => { count += 1; setTimeout(() => {
        console.log('interrupts=' + count);
        process.exit(7);
      }, 400); });
      setInterval(() => {}, 1000);
      console.log('child is ready');`;
    shell.type(underExec(user, script));
    await shell.until('child is ready');
    shell.type(KEY.interrupt);
    await shell.until('interrupts=1');
    await shell.until('code=7');
  });

  it.each([2, 3])('Ctrl-C reaches the child each of %d times, and its exit code is kept', async (times) => {
    const user = userWithProfile();
    const shell = await Terminal.shell(user);
    const script = `
      let count = 0;
      process.on('SIGINT', () => {
        count += 1;
        console.log('interrupt ' + count);
        if (count === ${times}) setTimeout(() => { console.log('in all ' + count); process.exit(7); }, 300);
      });
      setInterval(() => {}, 1000);
      console.log('child is ready');`;
    shell.type(underExec(user, script));
    await shell.until('child is ready');
    for (let count = 1; count <= times; count += 1) {
      shell.type(KEY.interrupt);
      await shell.until(`interrupt ${count}`);
    }
    await shell.until(`in all ${times}`);
    await shell.until('code=7');
  });

  it('Ctrl-C ends a child that does not mind it with 130', async () => {
    const user = userWithProfile();
    const shell = await Terminal.shell(user);
    shell.type(underExec(user, `setInterval(() => {}, 1000); console.log('child is ready');`));
    await shell.until('child is ready');
    shell.type(KEY.interrupt);
    await shell.until('^C');
    shell.type(`echo "code=$?"${KEY.enter}`);
    await shell.until('code=130');
  });

  it('Ctrl-Z stops both, and fg continues them', async () => {
    const user = userWithProfile();
    const shell = await Terminal.shell(user);
    const script = `
      process.on('SIGCONT', () => console.log('child goes on'));
      process.stdin.on('data', (data) => { console.log('child read ' + data); process.exit(3); });
      console.log('child is ready');`;
    shell.type(underExec(user, script).replace('; echo "code=$?"', ''));
    await shell.until('child is ready');
    shell.type(KEY.suspend);
    await shell.until('Stopped');
    shell.type(`jobs -l; fg; echo "code=$?"${KEY.enter}`);
    await shell.until('child goes on');
    shell.type(`hello${KEY.enter}`);
    await shell.until('child read hello');
    await shell.until('code=3');
  });

  it('a child can read the terminal key by key, Ctrl-C among them', async () => {
    const user = userWithProfile();
    const shell = await Terminal.shell(user);
    const script = `
      process.stdin.setRawMode(true);
      process.stdin.on('data', (data) => {
        console.log('key=' + data.toString('hex'));
        if (data[0] === 0x71) process.exit(5);
      });
      console.log('child is ready');`;
    shell.type(underExec(user, script));
    await shell.until('child is ready');
    shell.type(KEY.interrupt);
    await shell.until('key=03');
    shell.type('q');
    await shell.until('key=71');
    await shell.until('code=5');
  });
});

describe('exec directly on a terminal', () => {
  it('the child has the terminal for all three streams', async () => {
    const user = userWithProfile();
    const script = 'for fd in 0 1 2; do test -t $fd && echo "fd $fd"; done';
    const terminal = new Terminal(user, RUNNER, [TWVAULT, 'exec', '--', 'sh', '-c', script]);
    for (const fd of [0, 1, 2]) await terminal.until(`fd ${fd}`);
    expect(await terminal.ended()).toBe(0);
  });
});
