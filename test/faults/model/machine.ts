import { existsSync, mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Context } from '../../../src/cli/context.ts';
import { runProgram } from '../../../src/cli/program.ts';
import { report, say } from '../../../src/cli/voice.ts';
import type { Result } from '../../support/cli.ts';
import { standard } from './standard.ts';

type Ran = Pick<Result, 'status' | 'stdout' | 'stderr'>;

/** Something that runs commands on a home of its own. */
export interface Machine {
  readonly home: string;
  run(args: readonly string[], input: string): Promise<Ran>;
}

/** The commands of this process, in a context of its own: no terminal, no environment but the one given. */
export class InProcess implements Machine {
  readonly home: string;
  readonly #context: Context;

  constructor(folder: string, env: Record<string, string>) {
    this.home = join(folder, 'vault');
    this.#context = { env, home: this.home, cwd: () => folder, terminal: async () => undefined, say };
  }

  get context(): Context {
    return this.#context;
  }

  async run(args: readonly string[], input: string): Promise<Ran> {
    Object.assign(standard, { input, output: '', error: '' });
    const status = await runProgram(args, this.#context).catch(report);
    return { status, stdout: standard.output, stderr: standard.error };
  }
}

/** Runs a test with a folder that goes when it ends; a memory disk, where there is one, saves hours of waiting. */
export async function inFolder<T>(test: (folder: string) => Promise<T>): Promise<T> {
  const parent = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
  const folder = realpathSync(mkdtempSync(join(parent, 'twvault-model-')));
  try {
    return await test(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What no command may leave behind: locks and temporary files. */
export function leftovers({ home }: Machine): string[] {
  if (!existsSync(home)) return [];
  const files = readdirSync(home, { recursive: true, encoding: 'utf8' });
  return files.filter((file) => file.endsWith('.tmp') || file.endsWith('lock'));
}
