import { spawnSync } from 'node:child_process';
import { delimiter, extname } from 'node:path';
import { nodeProgram } from '#installation/process';
import { failed } from '../failure.ts';
import type { Variables } from '../system/paths.ts';
import { absoluteFolders, programNamed } from '../system/program.ts';
import type { Edit } from './edit.ts';
import type { Subject } from './plan.ts';
import type { Environment } from './proof.ts';
import { PYTHON_COMPARISON } from './python-comparison.ts';

const TIME_LIMIT = 20_000;

/**
 * Lets the language's own parser compare the old and the new text. Parses only; nothing of the user's is run.
 * @returns why there was nothing to compare, or undefined where both agree
 * @throws Failure exit 1 where the new text does not parse, or says something else
 */
export function checkSyntax(
  subject: Subject,
  edits: readonly Edit[],
  bytes: Buffer,
  environment: Environment,
  env: Variables,
): string | undefined {
  const { format, source } = subject;
  const compare = COMPARISONS[format.kind];
  const unchecked = compare?.(subject, edits, bytes, environment, env);
  const isNamed = ENDINGS[format.kind]?.test(source.path) ?? true;
  if (unchecked === undefined || isNamed) return unchecked;
  // Guessed from what is in it: PHP or Java may read like it too.
  throw failed(`${source.path} was left as it is: nothing shows that it is ${format.name}`, [
    'take the values out by hand',
  ]);
}

type Kind = Subject['format']['kind'];

const ENDINGS: Partial<Record<Kind, RegExp>> = {
  python: /\.(pyw?|ipynb)$/i,
  javascript: /\.[cm]?[jt]sx?$/i,
};

const COMPARISONS: Partial<Record<Kind, typeof comparePython>> = {
  python: comparePython,
  javascript: compareJavaScript,
};

function comparePython(
  { source }: Subject,
  edits: readonly Edit[],
  bytes: Buffer,
  environment: Environment,
  env: Variables,
): string | undefined {
  const python = programNamed('python3', env);
  if (python === undefined) return 'python3 is not here to parse it';
  const read = edits.flatMap(({ text, moves }) => {
    const name = /\["(\w+)"\]/.exec(text)?.[1];
    return name === undefined
      ? []
      : [{ name, old: moves.map(({ assignment }) => assignment.secret.reveal()) }];
  });
  const job = {
    old: source.bytes.toString('base64'),
    new: bytes.toString('base64'),
    environment: Object.fromEntries(read.map(({ name }) => [name, environment[name]])),
    // The old value is not always the variable's: the file may have had white space around it.
    same: Object.fromEntries(
      read.map(({ name }) => [name, read.flatMap((other) => (other.name === name ? other.old : []))]),
    ),
    added: edits.find(({ moves: carried }) => carried.length === 0)?.text.trim() ?? '',
  };
  // -I: no variables, no user's modules, nothing of the current folder.
  const { stdout, status } = spawnSync(python, ['-I', '-S', '-B', '-c', PYTHON_COMPARISON], {
    input: JSON.stringify(job),
    env: { PATH: absoluteFolders(env).join(delimiter) }, // that of a version manager starts another one
    stdio: ['pipe', 'pipe', 'ignore'],
    encoding: 'utf8',
    timeout: TIME_LIMIT,
  });
  const verdict = status === 0 ? stdout.trim() : 'failed';
  if (verdict === 'same') return undefined;
  if (verdict === 'unparsed') return "this machine's python3 cannot parse it, before or after (Python 2?)";
  throw failed(
    `${source.path} was left as it is: ${verdict === 'broken' ? 'Python would no longer parse it' : 'to Python it would say something else'}`,
  );
}

function compareJavaScript(
  { source }: Subject,
  _edits: readonly Edit[],
  bytes: Buffer,
  _environment: Environment,
  env: Variables,
): string | undefined {
  const node = nodeProgram() ?? programNamed('node', env);
  if (node === undefined) return 'Node is not here to parse it';
  const types = { '.cjs': ['commonjs'], '.mjs': ['module'] };
  const ending = extname(source.path).toLowerCase();
  const isTyped = /^\.([cm]?tsx?|jsx)$/.test(ending);
  const candidates = isTyped ? [] : (types[ending as keyof typeof types] ?? ['commonjs', 'module']);
  const type = candidates.find((candidate) => parses(node, source.bytes, candidate));
  if (type === undefined) return 'Node cannot parse this kind of file by itself';
  if (parses(node, bytes, type)) return undefined;
  throw failed(`${source.path} was left as it is: Node would no longer parse it`);
}

function parses(node: string, bytes: Buffer, type: string): boolean {
  const { status } = spawnSync(node, ['--check', `--input-type=${type}`, '-'], {
    input: bytes,
    env: {}, // no NODE_OPTIONS, which could load something
    stdio: ['pipe', 'ignore', 'ignore'],
    timeout: TIME_LIMIT,
  });
  return status === 0;
}
