import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { plainRow } from '../measure.mjs';
import { BenchVault, TWVAULT } from '../vault.mjs';

export const about = 'memory of twvault while its command runs';

export async function measure({ node, rounds, hasExecve }) {
  const vault = BenchVault.withIdentity();
  vault.addProfile('personal');
  const values = [];
  for (let round = 0; round < rounds; round += 1) values.push(await leftBehind([node, TWVAULT], vault.env));
  return [plainRow('exec', values, { unit: 'MB', ...(hasExecve && { atMost: 0 }) })];
}

/** In MB: none where the process has become the command. @param twvault the program and its first arguments */
export async function leftBehind([file, ...first], env) {
  const child = spawn(file, [...first, 'exec', '--', 'sleep', '60'], { env, stdio: 'ignore' });
  const sleeper = await untilRunning(child.pid);
  const left = sleeper === child.pid ? 0 : Number(/VmRSS:\s+(\d+)/.exec(status(child.pid))[1]) / 1024;
  process.kill(sleeper);
  await new Promise((resolve) => child.on('exit', resolve));
  return left;
}

/** The process that runs the command: twvault's own or its child. */
async function untilRunning(pid) {
  for (;;) {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
      .trim()
      .split(' ')
      .filter(Boolean);
    const sleeper = [pid, ...children.map(Number)].find((each) => /^Name:\s+sleep$/m.test(status(each)));
    if (sleeper) return sleeper;
    await wait(2);
  }
}

function status(pid) {
  return readFileSync(`/proc/${pid}/status`, 'utf8');
}
