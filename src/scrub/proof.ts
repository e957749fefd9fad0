import { failed } from '../failure.ts';
import type { Assignment } from '../intake/assignment.ts';
import { cleanField } from '../profile/clean.ts';
import { type Chains, storedValue } from './account.ts';
import { readAgain } from './again.ts';
import { type Edit, edited, placesAfter } from './edit.ts';
import { isSame, type Move, nameOf } from './moves.ts';
import { isNamedByFile, type Subject } from './plan.ts';
import { editedBytes } from './source.ts';

/** What `twvault exec` would hand over. */
export type Environment = Readonly<Record<string, string>>;

/**
 * Proves that a scrubbed file says what it said: its text is read again by the reader that read the old one, with each
 * reference replaced by what the environment gives for it.
 * @returns the bytes to write
 * @throws Failure exit 1 saying what does not hold
 */
export async function proven(
  subject: Subject,
  edits: readonly Edit[],
  environment: Environment,
  chains: Chains,
): Promise<Buffer> {
  const { source } = subject;
  const text = edited(source.text, edits);
  const bytes = editedBytes(source, edits);
  if (bytes.toString(source.encoding, source.mark) !== text)
    throw unproven(subject, 'its encoding is unclear');
  for (const move of subject.moves) await checkStored(subject, move, chains);
  checkComplete(subject, edits);
  if (isNamedByFile(subject)) checkVariables(subject, environment);
  else if (subject.format.kind !== 'data') checkReferences(subject, edits, text, environment);
  checkOthers(subject, text);
  return bytes;
}

function unproven({ source }: Subject, reason: string): Error {
  return failed(`${source.path} was left as it is: ${reason}`);
}

const placeOf = (assignment: Assignment): string => `line ${assignment.line}: ${nameOf(assignment)}`;
const describe = ({ assignment }: Move): string => placeOf(assignment);

/** The value as it is stored, read from the vault, is the one in the file. */
async function checkStored(subject: Subject, move: Move, chains: Chains): Promise<void> {
  const value = await storedValue(move.profile, move.field, chains);
  if (value === undefined || !gives(value, move)) {
    throw unproven(subject, `${describe(move)} is not what ${move.profile} has as its ${move.field}`);
  }
}

/** Whether a value is what the file gave, or what X issued where the file had something around it. */
function gives(value: string, { assignment, field }: Move): boolean {
  const old = assignment.secret.reveal();
  if (old === value) return true;
  try {
    return cleanField(field, old).secret.reveal() === value;
  } catch {
    return false;
  }
}

function checkComplete(subject: Subject, edits: readonly Edit[]): void {
  const done = new Set(edits.flatMap(({ moves }) => moves));
  const missing = subject.moves.find((move) => !done.has(move));
  if (missing) throw unproven(subject, `${describe(missing)} would stay`);
}

/** A line of dotenv or a shell gives way to a variable of its name. */
function checkVariables(subject: Subject, environment: Environment): void {
  for (const move of subject.moves) {
    const value = environment[move.assignment.name];
    if (value === undefined || !gives(value, move)) {
      throw unproven(subject, `twvault exec would not give ${describe(move)} its old value`);
    }
  }
}

const REFERENCE = /^ ?\{?(?:(?:\w+\.environ\["(\w+)"\])|(?:(?:globalThis\.)?process\.env\.(\w+)!?))\}? ?$/;

/** Every reference in the new text, looked up, gives the old assignments in the old order. */
function checkReferences(
  subject: Subject,
  edits: readonly Edit[],
  text: string,
  environment: Environment,
): void {
  const evaluated: Edit[] = placesAfter(edits).map(({ edit: { moves }, place }) => {
    const [move] = moves;
    if (!move) return { ...place, text: '', moves }; // the import
    const written = text.slice(place.start, place.end);
    const [, python, javascript] = REFERENCE.exec(written) ?? [];
    const value = environment[python ?? javascript ?? ''];
    if (value === undefined || !gives(value, move)) {
      throw unproven(subject, `twvault exec would not give ${describe(move)} its old value`);
    }
    const literal = JSON.stringify(move.assignment.secret.reveal());
    return { ...place, text: /^ /.test(written) ? ` ${literal}` : literal, moves };
  });
  const again = subject.format.read(edited(text, evaluated));
  const changed = subject.assignments.find((assignment, at) => !isSameEntry(assignment, again[at]));
  if (changed) throw unproven(subject, `read again, ${placeOf(changed)} would not say the same`);
  const extra = again[subject.assignments.length];
  if (extra) throw unproven(subject, `read again, it would give ${nameOf(extra)} as well`);
}

const isSameEntry = (one: Assignment, other: Assignment | undefined): boolean =>
  other !== undefined && isSame(one, other);

/** What was not moved is still there, with the same values, and nothing is new but what a moved one had hidden. */
function checkOthers(subject: Subject, text: string): void {
  const moved = new Set(subject.moves.map(({ assignment }) => assignment));
  const names = new Set(subject.moves.map(({ assignment: { name } }) => name));
  const now = [...readAgain(subject.source.path, subject.format, text)];
  // In code a place is told by as few words as needed, which may be fewer now.
  const isOther = subject.format.kind === 'data' ? isSame : isNamedAlike;
  for (const other of subject.assignments.filter((assignment) => !moved.has(assignment))) {
    const at = now.findIndex((assignment) => isOther(assignment, other));
    if (at < 0) throw unproven(subject, `${placeOf(other)} would change, which is to stay`);
    now.splice(at, 1);
  }
  const { kind } = subject.format;
  const isNew = ({ name }: Assignment) => kind === 'data' || kind === 'shell' || !names.has(name);
  const appeared = now.find(isNew);
  if (!appeared) return;
  const isHidden = names.has(appeared.name);
  throw unproven(
    subject,
    isHidden
      ? `it gives ${nameOf(appeared)} twice, and the other value would count`
      : `${nameOf(appeared)} would appear, which the file did not give before`,
  );
}

const isNamedAlike = (one: Assignment, other: Assignment): boolean =>
  one.name === other.name && one.secret.equals(other.secret);
