import { basename, dirname, resolve } from 'node:path';
import { Failure } from '../failure.ts';
import type { Findings } from '../intake/candidates.ts';
import { writeBinding } from '../project/project-file.ts';
import type { Variables } from '../system/paths.ts';
import { repositoryRoot } from '../system/repository.ts';
import { accountOf, type Chains, environmentUnder, proposedChains } from './account.ts';
import { type Place, placeFor } from './binding.ts';
import { maskedDiff } from './display.ts';
import { type Edit, edited } from './edit.ts';
import { type Tracking, trackingOf } from './git.ts';
import { commitsWith, type Trace } from './history.ts';
import { movesOf, type Scrubbable } from './moves.ts';
import { chooseNames, type Naming } from './naming.ts';
import { rewritten } from './notebook.ts';
import { editsFor, isRead, type Subject, subjectOf, wantedBy } from './plan.ts';
import { proven } from './proof.ts';
import { type Remain, remainsIn } from './remains.ts';
import { readSource, replaceSource } from './source.ts';
import { checkSyntax } from './syntax.ts';

/** What a scrub asks of the one who runs it. */
export interface ScrubOptions {
  /** The environment that `twvault exec` would be started in. */
  readonly env: Variables;
  /** Shows only: nothing is asked and nothing written, and the values need not be stored yet. */
  readonly isDryRun?: boolean;
  /** Shows a diff; it holds no value. */
  readonly show: (diff: string) => void;
  /** Whether to go on, after all diffs were shown. */
  readonly confirm: (question: string) => Promise<boolean>;
}

/** What became of a file. `shown`: a dry run, or the answer was no. */
export interface ScrubbedFile {
  readonly path: string;
  readonly state: 'scrubbed' | 'shown' | 'refused';
  /** Why it was refused, and what to do. */
  readonly failure?: Failure;
  /** Whether its entries are gone, so that what read them gets nothing there. */
  readonly isEmptied?: true;
  /** Why its own language did not check it. */
  readonly unchecked?: string;
  /** Lines that may still hold plaintext. */
  readonly remains: readonly Remain[];
  readonly tracking?: Tracking;
}

/** What the history of a repository says of the values; undefined traces where git could not be asked. */
export interface History {
  readonly folder: string;
  readonly traces: readonly Trace[] | undefined;
}

/** A .twvault.json that was written, or would be. */
interface WrittenProject {
  readonly path: string;
  readonly profile: string;
  readonly preset: string;
  readonly env: ReadonlyMap<string, string>;
}

export interface ScrubReport {
  readonly files: readonly ScrubbedFile[];
  readonly projects: readonly WrittenProject[];
  readonly histories: readonly History[];
}

interface Planned {
  readonly subject: Subject;
  readonly place?: Place;
}

interface Proven extends Planned {
  readonly edits: readonly Edit[];
  /** The file as it is to be. */
  readonly text: string;
  readonly bytes: Buffer;
  readonly naming?: Naming;
  readonly unchecked?: string | undefined;
}

/**
 * Takes the plaintext of what was imported out of its files. A file is changed only after it was shown that its
 * program gets the same values from `twvault exec`; what cannot be shown is left as it is and reported.
 * @param findings what was imported, under the profile names that it was stored in
 * @param vault where the values rest; it is read again for the proof
 * @throws Failure where writing fails, and what `confirm` throws
 */
export async function scrubFiles(
  readings: readonly Scrubbable[],
  findings: Findings,
  vault: { readonly chain: Chains },
  options: ScrubOptions,
): Promise<ScrubReport> {
  const chains: Chains = options.isDryRun ? proposedChains(findings) : (name) => vault.chain(name);
  const refused: ScrubbedFile[] = [];
  const attempt = attempting(refused);
  const planned = await planAll(readings, findings, chains, attempt);
  const ready: Proven[] = [];
  for (const group of groupsOf(planned)) ready.push(...(await proveGroup(group, chains, options, attempt)));
  for (const { subject, edits } of ready) options.show(maskedDiff(subject, edits));
  const isMeant = ready.length > 0 && !options.isDryRun && (await options.confirm(question(ready)));
  const done = isMeant ? await writeAll(ready, attempt) : ready;
  return {
    files: [...done.map((file) => reportOf(file, isMeant)), ...refused],
    projects: projectsOf(done),
    histories: isMeant ? await historiesOf(done) : [],
  };
}

type Attempt = <T>(path: string, work: () => T | Promise<T>) => Promise<T | undefined>;

/** Runs the work on one file; where it is refused, that is noted and the others go on. */
function attempting(refused: ScrubbedFile[]): Attempt {
  return async (path, work) => {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      refused.push({ path, state: 'refused', failure: error, remains: [] });
      return undefined;
    }
  };
}

async function planAll(
  readings: readonly Scrubbable[],
  findings: Findings,
  chains: Chains,
  attempt: Attempt,
): Promise<Planned[]> {
  const moves = movesOf(findings);
  const all = [...moves.values()].flat();
  const taken = new Map<string, string>();
  const planned: Planned[] = [];
  for (const reading of readings) {
    const own = moves.get(reading.path) ?? [];
    const plan = await attempt(reading.path, async () => {
      const subject = subjectOf(readSource(reading.path), reading, own, all);
      if (subject.moves.length === 0) return undefined;
      const place = await placeOf(subject, taken, chains);
      if (place) taken.set(place.path, place.account);
      return { subject, ...(place ? { place } : {}) };
    });
    if (plan) planned.push(plan);
  }
  return planned;
}

/** Code and dotenv files need a project file; for a data file one is written where that is plain. */
async function placeOf(
  subject: Subject,
  taken: ReadonlyMap<string, string>,
  chains: Chains,
): Promise<Place | undefined> {
  const path = resolve(subject.source.path);
  const find = async (): Promise<Place> =>
    placeFor(path, await accountOf(subject.source.path, subject.moves, chains), taken, chains);
  if (isRead(subject)) return find();
  if (repositoryRoot(dirname(path)) === undefined) return undefined;
  return find().catch((error: unknown) => {
    if (error instanceof Failure) return undefined;
    throw error;
  });
}

/** Files whose programs are told their names by one project file. */
function groupsOf(planned: readonly Planned[]): Planned[][] {
  const groups = new Map<string | symbol, Planned[]>();
  for (const plan of planned) {
    const key = plan.place?.path ?? Symbol('alone');
    groups.set(key, [...(groups.get(key) ?? []), plan]);
  }
  return [...groups.values()];
}

async function proveGroup(
  group: readonly Planned[],
  chains: Chains,
  options: ScrubOptions,
  attempt: Attempt,
): Promise<Proven[]> {
  const [first] = group;
  const naming =
    first?.place && (await attempt(first.subject.source.path, () => namesFor(group, first.place)));
  if (first?.place && !naming) return [];
  const ready: Proven[] = [];
  for (const plan of group) {
    const done = await attempt(plan.subject.source.path, () => prove(plan, naming, chains, options));
    if (done) ready.push(done);
  }
  return ready;
}

function namesFor(group: readonly Planned[], place: Place | undefined): Naming {
  const wanted = (isAsked: boolean) =>
    group.flatMap(({ subject }) => (isRead(subject) === isAsked ? wantedBy(subject) : []));
  return chooseNames(wanted(true), wanted(false), {
    preset: place?.project?.preset,
    presets: place?.project?.presets,
    env: place?.project?.env ?? new Map(),
  });
}

async function prove(
  plan: Planned,
  naming: Naming | undefined,
  chains: Chains,
  { env }: ScrubOptions,
): Promise<Proven> {
  const { subject, place } = plan;
  const edits = editsFor(subject, place?.account ?? '', naming?.names ?? new Map());
  const environment =
    place && naming ? await environmentUnder(place.account, chains, naming, env) : Object.create(null);
  const bytes = await proven(subject, edits, environment, chains);
  const unchecked = checkSyntax(subject, edits, bytes, environment, env);
  const whole = subject.notebook
    ? rewritten(subject.notebook, edits)
    : { text: edited(subject.source.text, edits), bytes };
  return { ...plan, ...whole, edits, unchecked, ...(naming ? { naming } : {}) };
}

function question(ready: readonly Proven[]): string {
  const paths = ready.map(({ subject }) => subject.source.path);
  return `Take the values out of ${paths.join(', ')}?`;
}

/** The project file first: it does no harm without the others, and they need it. */
async function writeAll(ready: readonly Proven[], attempt: Attempt): Promise<Proven[]> {
  const done: Proven[] = [];
  const written = new Set<string>();
  for (const file of ready) {
    const { source, notebook } = file.subject;
    const bind = (): void => {
      for (const { path, ...binding } of projectsOf([file])) {
        if (!written.has(path)) writeBinding(path, binding);
        written.add(path);
      }
    };
    const wasWritten = await attempt(source.path, () => {
      replaceSource(notebook?.file ?? source, file.bytes, bind);
      return true;
    });
    if (wasWritten) done.push(file);
  }
  return done;
}

function projectsOf(files: readonly Proven[]): WrittenProject[] {
  const projects = new Map<string, WrittenProject>();
  for (const { place, naming } of files) {
    if (!place || !naming) continue;
    const { preset, env } = naming;
    projects.set(place.path, { path: place.path, profile: place.account, preset, env });
  }
  return [...projects.values()];
}

function reportOf({ subject, text, unchecked }: Proven, isWritten: boolean): ScrubbedFile {
  const { source, format, moves } = subject;
  const path = resolve(source.path);
  const isInRepository = repositoryRoot(dirname(path)) !== undefined;
  const tracking = isInRepository ? trackingOf(dirname(path), basename(path)) : undefined;
  return {
    path: source.path,
    state: isWritten ? 'scrubbed' : 'shown',
    remains: remainsIn(text, moves),
    ...(format.kind === 'data' ? { isEmptied: true } : {}),
    ...(unchecked === undefined ? {} : { unchecked }),
    ...(tracking === undefined ? {} : { tracking }),
  };
}

async function historiesOf(files: readonly Proven[]): Promise<History[]> {
  const byFolder = new Map<string, Proven[]>();
  for (const file of files) {
    const folder = repositoryRoot(dirname(resolve(file.subject.source.path)));
    if (folder !== undefined) byFolder.set(folder, [...(byFolder.get(folder) ?? []), file]);
  }
  const histories: History[] = [];
  for (const [folder, members] of byFolder) {
    const values = members.flatMap(({ subject }) => subject.moves.map(({ assignment }) => assignment.secret));
    histories.push({ folder, traces: await commitsWith(folder, values) });
  }
  return histories;
}
