import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Result, User } from './cli.ts';

/** A git repository of a user's, driven by the real git. */
export class Repository {
  readonly user: User;
  readonly path: string;

  constructor(user: User, name = 'repo', ...options: string[]) {
    this.user = user;
    this.path = join(user.root, name);
    user.env = {
      ...user.env,
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_AUTHOR_NAME: 'A',
      GIT_AUTHOR_EMAIL: 'a@example.com',
      GIT_COMMITTER_NAME: 'A',
      GIT_COMMITTER_EMAIL: 'a@example.com',
    };
    mkdirSync(this.path);
    this.must(['init', '-q', '-b', 'main', ...options]);
  }

  /** Runs git in the repository, or in another folder. */
  git(args: readonly string[], options: { cwd?: string; env?: Record<string, string> } = {}): Result {
    const { status, signal, stdout, stderr } = spawnSync('git', args, {
      cwd: options.cwd ?? this.path,
      env: { ...this.user.env, ...options.env } as NodeJS.ProcessEnv,
      input: '',
      encoding: 'utf8',
    });
    return { status, signal, stdout, stderr };
  }

  must(args: readonly string[], options: { cwd?: string; env?: Record<string, string> } = {}): string {
    const { status, stdout, stderr } = this.git(args, options);
    if (status !== 0) throw new Error(`git ${args.join(' ')}: ${status}\n${stderr}`);
    return stdout;
  }

  write(path: string, text: string | Uint8Array): this {
    const file = join(this.path, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    return this;
  }

  /** Writes a file and commits it, without hooks. */
  commit(path: string, text: string | Uint8Array, message = `change ${path.length}`): string {
    this.write(path, text);
    this.must(['add', '-A']);
    this.must(['commit', '-q', '--no-verify', '-m', message]);
    return this.must(['rev-parse', 'HEAD']).trim();
  }

  /** Runs twvault in the repository. */
  twvault(args: readonly string[], options: { cwd?: string; env?: Record<string, string> } = {}): Result {
    return this.user.run(args, { cwd: this.path, ...options });
  }
}

/** A repository whose user has a vault with one profile. */
export function guardedRepository(...options: string[]) {
  const user = new User().withFileVault();
  const keys = user.add('brand');
  return { user, keys, repository: new Repository(user, 'repo', ...options) };
}
