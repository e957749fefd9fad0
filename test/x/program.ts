import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { temporaryFolder, type User } from '../support/cli.ts';

export const ROOT = join(import.meta.dirname, '../..');

interface ProjectOptions {
  /** What it has installed besides twvault; twitter-api-v2 where it is not said. */
  readonly packages?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** A project that has twvault installed. */
export function project({ packages = ['twitter-api-v2'] }: ProjectOptions = {}): string {
  const modules = join(temporaryFolder(), 'node_modules');
  for (const name of ['@types/node', ...packages]) {
    mkdirSync(dirname(join(modules, name)), { recursive: true });
    symlinkSync(join(ROOT, 'node_modules', name), join(modules, name));
  }
  // A copy, since Node would look for packages where a link leads.
  for (const part of ['package.json', 'dist', 'types'])
    cpSync(join(ROOT, part), join(modules, 'twvault', part), { recursive: true });
  return dirname(modules);
}

/** Runs a program in a project. */
export async function run(user: User, file: string, text: string, options: ProjectOptions = {}) {
  const cwd = project(options);
  writeFileSync(join(cwd, file), text);
  const env = { ...user.env, ...options.env } as NodeJS.ProcessEnv;
  const child = spawn(process.execPath, [file], { cwd, env });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (part) => {
    stdout += part;
  });
  child.stderr.on('data', (part) => {
    stderr += part;
  });
  const [status] = await once(child, 'close');
  return { status, stdout, stderr };
}
