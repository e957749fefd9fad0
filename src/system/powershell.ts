import { spawnSync } from 'node:child_process';
import { failed } from '../failure.ts';
import type { Variables } from './paths.ts';
import { programNamed } from './program.ts';

/** PowerShell 7, and the one that comes with Windows. */
const PROGRAMS = ['pwsh', 'powershell'];

/** As base64, since what it prints may be in any encoding. */
const QUESTION = '[Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes($PROFILE))';
const PATIENCE_MS = 30_000;

/**
 * The user's start file of each PowerShell that is here. Only PowerShell knows: the documents may lie on another drive,
 * or be synced.
 * @throws Failure exit 1 where there is none, or it does not say
 */
export function startFiles(env: Variables): string[] {
  const programs = PROGRAMS.flatMap((name) => programNamed(name, env) ?? []);
  if (programs.length === 0) throw failed('there is no PowerShell on PATH (pwsh, powershell)');
  return programs.map((program) => startFile(program, env));
}

function startFile(program: string, env: Variables): string {
  const own = Object.entries(env).filter(([name]) => !/^TWVAULT_/i.test(name));
  const { stdout } = spawnSync(program, ['-NoLogo', '-NoProfile', '-NonInteractive', '-Command', QUESTION], {
    env: Object.fromEntries(own),
    stdio: ['ignore', 'pipe', 'ignore'],
    encoding: 'utf8',
    timeout: PATIENCE_MS,
  });
  const path = Buffer.from((stdout ?? '').trim(), 'base64').toString();
  if (!path) throw failed(`${program} does not say where its start file is ($PROFILE)`);
  return path;
}
