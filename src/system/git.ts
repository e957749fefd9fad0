import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from 'node:child_process';
import { delimiter } from 'node:path';
import { type Failure, failed, systemCode, usage } from '../failure.ts';
import type { Variables } from './paths.ts';
import { absoluteFolders, programNamed } from './program.ts';
import { repositoryRoot } from './repository.ts';

/** Where git runs: a folder in or below the repository, and the environment (hooks are told by it which index is meant). */
export interface GitPlace {
  readonly cwd: string;
  readonly env: Variables;
}

export interface GitOptions {
  readonly input?: Uint8Array | string;
  /** Exit codes that are an answer and no error. */
  readonly answers?: readonly number[];
  /** The most output in bytes that is read; beyond it the answer is null. */
  readonly limit?: number;
}

const LIMIT = 1024 * 1024 * 1024;

/**
 * Runs git to its end and gives what it printed, as bytes; null where it exited with one of `answers`, or printed
 * more than `limit`.
 * @throws Failure exit 2 outside a repository, exit 1 where git is missing, distrusts the folder or fails
 */
export function git(place: GitPlace, args: readonly string[], options: GitOptions = {}): Buffer | null {
  const { status, stdout, stderr, error } = spawnSync(program(place), [...fixed(place), ...args], {
    cwd: place.cwd,
    env: environmentFor(place.env),
    input: options.input ?? '',
    maxBuffer: options.limit ?? LIMIT,
    windowsHide: true,
  });
  if (systemCode(error) === 'ENOBUFS') return null;
  if (error) throw notStarted(error);
  if (status !== 0 && options.answers?.includes(status ?? -1)) return null;
  if (status !== 0) throw explain(stderr.toString(), place.cwd);
  return stdout;
}

/** What git prints as one line of text, without the line's end. */
export function gitText(place: GitPlace, args: readonly string[], options?: GitOptions): string | null {
  return (
    git(place, args, options)
      ?.toString()
      .replace(/\r?\n$/, '') ?? null
  );
}

export interface RunningGit {
  /** What git prints. It stops where nobody reads on. @throws Failure as `git`, at the end */
  readonly output: AsyncIterable<Buffer>;
  /** Writes to git's input, and waits where git is behind. */
  write(text: string): Promise<void>;
  /** Ends the input. */
  end(): void;
}

/** Starts git, to be written to and read from while it runs. */
export function startGit(place: GitPlace, args: readonly string[]): RunningGit {
  const child = spawn(program(place), [...fixed(place), ...args], {
    cwd: place.cwd,
    env: environmentFor(place.env),
    windowsHide: true,
  });
  child.stdin.on('error', () => {}); // git went away: its exit status says why
  return {
    output: outputOf(child, place.cwd),
    write: async (text) => {
      if (child.stdin.write(text) || child.stdin.destroyed) return;
      await new Promise((resolve) => {
        child.stdin.once('drain', resolve).once('close', resolve);
      });
    },
    end: () => child.stdin.end(),
  };
}

async function* outputOf(child: ChildProcessWithoutNullStreams, cwd: string): AsyncIterable<Buffer> {
  let complaint = '';
  child.stderr.on('data', (bytes: Buffer) => {
    complaint = (complaint + bytes).slice(0, 4096);
  });
  const ending = new Promise<number | null | Error>((resolve) => {
    child.once('error', resolve).once('close', resolve);
  });
  try {
    yield* child.stdout as AsyncIterable<Buffer>;
  } finally {
    child.kill(); // nothing where it has ended; otherwise nobody reads on
  }
  const end = await ending;
  if (end instanceof Error) throw notStarted(end);
  if (end !== 0) throw explain(complaint, cwd);
}

/** No pager, no quoting, no paths cut to the folder, nothing of the user's that would change what is printed. */
const FIXED = [
  '--no-pager',
  '-c',
  'core.quotePath=false',
  '-c',
  'diff.relative=false',
  '-c',
  'log.showRoot=true',
  '-c',
  'log.showSignature=false',
  '-c',
  'core.fsmonitor=false', // a program that the repository names
];

/**
 * A folder of a work tree may itself look like a repository, and its configuration came with a clone: git takes it for
 * one only where GIT_DIR says so.
 */
function fixed({ cwd }: GitPlace): string[] {
  const isInWorkTree = repositoryRoot(cwd) !== undefined;
  return isInWorkTree ? [...FIXED, '-c', 'safe.bareRepository=explicit'] : FIXED;
}

function program({ env }: GitPlace): string {
  const file = programNamed('git', env);
  if (file === undefined) throw failed('git cannot be started: it is not on PATH', ['install git']);
  return file;
}

/** The environment without what a hook or an alias has set for its own repository: the folder's repository counts. */
export function withoutRepository(env: Variables): Variables {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !/^GIT_(?!CONFIG)/.test(name)));
}

/**
 * Never asks, never takes a lock that is not needed, English messages, no foreign diff program, no replaced objects.
 * Nothing is fetched: by what program, the repository says. None of twvault's own variables, which may hold secrets.
 */
function environmentFor(env: Variables): NodeJS.ProcessEnv {
  const { GIT_EXTERNAL_DIFF, GIT_DIFF_OPTS, LANGUAGE, ...others } = env;
  const rest = Object.fromEntries(Object.entries(others).filter(([name]) => !/^TWVAULT_/i.test(name)));
  return {
    ...rest,
    PATH: absoluteFolders(env).join(delimiter),
    GIT_OPTIONAL_LOCKS: '0',
    GIT_TERMINAL_PROMPT: '0',
    GIT_NO_REPLACE_OBJECTS: '1',
    GIT_NO_LAZY_FETCH: '1',
    GIT_ALLOW_PROTOCOL: 'none', // the same, for git before 2.45
    LC_ALL: 'C',
  };
}

function notStarted(error: Error): Failure {
  return failed(`git cannot be started: ${systemCode(error)}`, [], error);
}

function explain(complaint: string, cwd: string): Failure {
  if (/dubious ownership/.test(complaint)) {
    const folder = /repository at '(.*)'/.exec(complaint)?.[1] ?? cwd;
    return failed('git does not trust this repository, because another user owns it', [
      `if you trust it: git config --global --add safe.directory '${folder}'`,
    ]);
  }
  if (/cannot use bare repository/.test(complaint)) {
    return usage(`${cwd} looks like a git repository, but lies in the work tree of another one`, [
      'its own configuration may start programs; if you trust it: GIT_DIR=. twvault ...',
    ]);
  }
  // Outside a repository, git diff takes its arguments for those of a comparison of two files.
  if (/not a git repository|--no-index/i.test(complaint)) {
    return usage(`${cwd} is not in a git repository`, ['change to one, or make one: git init']);
  }
  if (/must be run in a work tree/.test(complaint)) return usage('this repository has no work tree');
  const [line = ''] = complaint.split('\n').filter((text) => /^(fatal|error): /.test(text));
  return failed(`git failed: ${line.replace(/^\w+: /, '') || 'without a message'}`);
}
