import { dirname, resolve } from 'node:path';
import { Command } from 'commander';
import { version } from '../../../package.json';
import { EXIT, Failure, failed, usage } from '../../failure.ts';
import {
  type Accepted,
  acceptedOf,
  BASELINE_FILE,
  baselineFor,
  readBaseline,
  writeBaseline,
} from '../../scan/baseline.ts';
import type { Finding } from '../../scan/finding.ts';
import type { Absence } from '../../scan/git/absent.ts';
import { knownValues } from '../../scan/known.ts';
import { describe } from '../../scan/rules.ts';
import type { ScanResult } from '../../scan/scan-files.ts';
import { repositoryRoot } from '../../system/repository.ts';
import type { Context } from '../context.ts';
import { onOneLine } from '../one-line.ts';
import { ProgressLine } from '../progress.ts';
import { print, printJson, say, warn } from '../voice.ts';

interface Options {
  readonly staged?: true;
  readonly history?: true;
  readonly all?: true;
  readonly onlyStored?: true;
  readonly json?: true;
  readonly sarif?: true;
  readonly baseline?: string;
  readonly writeBaseline?: true;
}

/** What a scan found after the accepted findings have been taken out. */
interface Report extends ScanResult {
  /** What of the history is not here. */
  readonly absences?: readonly Absence[];
  readonly suppressed: { readonly marker: number; readonly baseline: number };
}

export function command(context: Context): Command {
  return new Command('scan')
    .description('look for leaked credentials, without unlocking anything')
    .argument('[path...]', 'files and folders; this folder, if not given')
    .option('--staged', 'what the next commit would hold, instead of files')
    .option('--history', 'every object of the repository, also those that no branch has any more')
    .option('--all', 'in a git work tree, files that git ignores too')
    .option('--only-stored', 'only values that are in the vault')
    .option('--json', 'as JSON')
    .option('--sarif', 'as SARIF 2.1.0, for code scanning')
    .option(
      '--baseline <file>',
      `findings to accept (default: ${BASELINE_FILE}, here or up to the repository)`,
    )
    .option('--write-baseline', 'accept what is found now: write it to the baseline')
    .addHelpText('after', HELP)
    .action((paths: string[], options: Options) => scan(context, paths, options));
}

async function scan(context: Context, paths: readonly string[], options: Options): Promise<void> {
  checkOptions(paths, options);
  const cwd = context.cwd();
  const file = options.baseline === undefined ? baselineFor(cwd) : resolve(cwd, options.baseline);
  const isOptional = options.baseline === undefined || options.writeBaseline === true;
  const accepted = readBaseline(file, isOptional);
  const result = await safeToShow(context, await resultOf(context, paths, options));
  for (const note of result.notes.slice(0, MOST_NOTES)) warn(note);
  if (result.notes.length > MOST_NOTES)
    warn(`${result.notes.length - MOST_NOTES} more could not be looked at`);
  if (options.writeBaseline) return acceptAll({ file, accepted, cwd, paths }, result, options);
  await tell(reportOf(result, accepted), options);
}

async function safeToShow<Result extends ScanResult>({ home }: Context, result: Result): Promise<Result> {
  if (result.findings.length === 0) return result;
  const [{ createScanner }, { withSafePaths }] = await Promise.all([
    import('../../scan/scanner.ts'),
    import('../../scan/safe-paths.ts'),
  ]);
  const scanner = createScanner({ ...knownValues(home), onlyStored: true });
  return { ...result, findings: withSafePaths(result.findings, scanner) };
}

function checkOptions(paths: readonly string[], { json, sarif, staged, history, all }: Options): void {
  if (json && sarif) throw usage('choose one of --json and --sarif');
  if (staged && history) throw usage('choose one of --staged and --history');
  if ((staged || history) && (paths.length > 0 || all)) {
    throw usage(
      `--${staged ? 'staged' : 'history'} looks at the whole repository: it takes no path and no --all`,
    );
  }
}

/** The one place that chooses what is scanned. */
async function resultOf(
  context: Context,
  paths: readonly string[],
  options: Options,
): Promise<ScanResult & Pick<Report, 'absences'>> {
  if (options.staged) return stagedResult(context, options);
  if (options.history) return historyResult(context, options);
  const { scanFiles } = await import('../../scan/scan-files.ts');
  const input = { ...knownValues(context.home), onlyStored: options.onlyStored === true };
  const walk = { env: context.env, cwd: context.cwd(), home: context.home, all: options.all === true };
  const line = new ProgressLine();
  try {
    return await scanFiles(paths.length === 0 ? ['.'] : paths, input, walk, (files, bytes) =>
      line.show(() => `${files} files, ${sizeText(bytes)} scanned`),
    );
  } finally {
    line.end();
  }
}

async function stagedResult({ cwd, env, home }: Context, { onlyStored }: Options): Promise<ScanResult> {
  const [{ createScanner }, { scanStaged }] = await Promise.all([
    import('../../scan/scanner.ts'),
    import('../../scan/git/staged.ts'),
  ]);
  const scanner = createScanner({ ...knownValues(home), onlyStored: onlyStored === true });
  return { ...(await scanStaged({ cwd: cwd(), env }, scanner)), notes: [] };
}

async function historyResult(
  { cwd, env, home }: Context,
  { onlyStored }: Options,
): Promise<ScanResult & Pick<Report, 'absences'>> {
  const { scanHistory } = await import('../../scan/git/history.ts');
  const input = { ...knownValues(home), onlyStored: onlyStored === true };
  const line = new ProgressLine();
  const progress = line.isShown
    ? (done: number, of: number) => line.show(() => `${done} of about ${of} objects scanned`)
    : undefined;
  try {
    const { objects, ...found } = await scanHistory({ cwd: cwd(), env }, input, progress);
    return { ...found, files: objects };
  } finally {
    line.end();
  }
}

const MOST_NOTES = 10;

interface Baseline {
  readonly file: string;
  readonly accepted: readonly Accepted[];
  readonly cwd: string;
  readonly paths: readonly string[];
}

function acceptAll(
  { file, accepted, cwd, paths }: Baseline,
  { findings }: ScanResult,
  options: Options,
): void {
  const isGits = options.staged === true || options.history === true;
  const found = acceptedOf(findings, file, isGits ? (repositoryRoot(cwd) ?? cwd) : cwd);
  // A scan of everything says what is still there; any other one knows a part only.
  const isWhole = !isGits && !options.onlyStored && paths.length === 0 && dirname(file) === cwd;
  writeBaseline(file, isWhole ? found : [...accepted, ...found]);
  say(`wrote ${counted(findings.length, 'accepted finding')} to ${file}`);
}

function reportOf(result: ScanResult & Pick<Report, 'absences'>, accepted: readonly Accepted[]): Report {
  const ids = new Set(accepted.map(({ id }) => id));
  const findings = result.findings.filter(({ id }) => !ids.has(id));
  const baseline = result.findings.length - findings.length;
  return { ...result, findings, suppressed: { marker: result.allowed, baseline } };
}

async function tell(report: Report, options: Options): Promise<void> {
  const { findings, suppressed, files, bytes, notes, absences = [] } = report;
  if (options.json) printJson({ findings, suppressed, files, bytes, notes });
  else if (options.sarif) printJson((await import('../../scan/sarif.ts')).sarifOf(findings, version));
  else if (findings.length > 0) print(findings.map(lineOf).join(''));
  const { marker, baseline } = suppressed;
  if (marker > 0) say(`${counted(marker, 'finding')} accepted by a marker`);
  if (baseline > 0) say(`${counted(baseline, 'finding')} accepted by the baseline`);
  const size = bytes === undefined ? '' : ` (${sizeText(bytes)})`;
  const where = `${counted(files, options.history ? 'object' : 'file')}${size}`;
  if (findings.length === 0 && absences.length > 0)
    throw failed(
      `nothing found in ${where}, but they are not the whole history`,
      absences.map(({ hint }) => hint),
    );
  if (findings.length === 0) return say(`nothing found in ${where}`);
  throw new Failure(EXIT.no, `${counted(findings.length, 'finding')} in ${where}`, hintsFor(options));
}

function hintsFor({ staged }: Options): string[] {
  const acceptance =
    'to accept one, write twvault:allow in its line; to accept all of them: twvault scan --write-baseline';
  if (!staged)
    return ['a credential that others could read has to be replaced: https://console.x.com', acceptance];
  return [
    'take the values out of the files before they are committed: twvault import FILE --scrub',
    acceptance,
    'to commit all the same: git commit --no-verify, or TWVAULT_GUARD=off git commit',
  ];
}

function lineOf(finding: Finding): string {
  const { path, line, column } = finding;
  return `${onOneLine(path)}:${line}:${column}: ${describe(finding)}${objectOf(finding)}\n`;
}

/** In the history: the commit, or the object where no commit has it. */
function objectOf({ commit, blob }: Finding): string {
  if (commit !== undefined) return ` (commit ${commit.slice(0, 12)})`;
  return blob === undefined ? '' : ` (object ${blob.slice(0, 12)})`;
}

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

function sizeText(bytes: number): string {
  if (bytes < 1e6) return `${Math.ceil(bytes / 1e3)} kB`;
  return bytes < 1e9 ? `${Math.round(bytes / 1e6)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
}

const HELP = `
Finds values that are in the vault, also encoded or inside longer text, and whatever has the shape and the
surroundings of an X credential. Binary files are searched for stored values only; archives are not unpacked.
Exits with 5 where something is found.

--staged reports values of the vault wherever they stand in a staged file, and what only looks like a credential where
the file did not have it before. --history names the commit that brought a value in; a place of (unreachable) goes with
'git reflog expire --expire-unreachable=now --all && git gc --prune=now'. A shallow or partial clone has not the whole
history: that is said, and without a finding it exits with 1.

Examples:
  twvault scan
  twvault scan src config/bot.yml --json
  twvault scan --staged
  twvault scan --history
  twvault scan --sarif > twvault.sarif`;
