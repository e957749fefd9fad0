import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { exposingVariables } from '../../src/run/exposure.ts';

it.each([
  '--inspect=127.0.0.1:0',
  '"--ins\\pect=127.0.0.1:0"',
  '--ins"pect=127.0.0.1:0"',
  '--tls_keylog=/dev/null',
])('Node takes %s for an option that exposes it, and so does twvault', (options) => {
  const env = { NODE_OPTIONS: options };
  expect(spawnSync(process.execPath, ['-e', '0'], { env }).status).toBe(0); // others are refused with 9
  expect(exposingVariables(env)).toEqual(['NODE_OPTIONS']);
});

it.each(['--no-warnings', '--require="a b.cjs"'])('%s exposes nothing', (options) => {
  expect(exposingVariables({ NODE_OPTIONS: options })).toEqual([]);
});
