import type { Candidate, Findings, Located, Place } from '../../intake/candidates.ts';
import { printable } from '../../profile/names.ts';
import type { Account } from '../../profile/profile.ts';
import { columns } from '../columns.ts';

/** What became of a candidate: `found` where nothing was to be stored. */
export type Outcome = 'found' | 'created' | 'extended' | 'replaced' | 'unchanged';

/** What `import --json` prints: names and places, never a value. */
export interface ImportReport {
  readonly profiles: readonly {
    readonly name: string;
    readonly because: string;
    readonly inherit: string | null;
    readonly account: Account | null;
    readonly fields: Readonly<Record<string, readonly Place[]>>;
    readonly stored: boolean;
    readonly outcome: Outcome;
    readonly notes: readonly string[];
  }[];
  readonly leftAlone: Findings['leftAlone'];
  readonly refused: Findings['refused'];
}

/** The report on candidates and what became of each; those without an outcome were not stored. */
export function importReport(
  candidates: readonly Candidate[],
  { leftAlone, refused }: Findings,
  outcomes: ReadonlyMap<string, Outcome>,
): ImportReport {
  return {
    profiles: candidates.map(({ name, because, inherit, account, fields, notes, warnings }) => ({
      name,
      because,
      inherit: inherit ?? null,
      account: account?.id === undefined ? null : { ...account, id: account.id },
      fields: Object.fromEntries([...fields].map(([field, places]) => [field, places.map(placeOf)])),
      stored: outcomes.has(name),
      outcome: outcomes.get(name) ?? 'found',
      notes: [...notes, ...warnings],
    })),
    leftAlone,
    refused,
  };
}

function placeOf({ path, assignment }: Located): Place {
  return { path, line: assignment.line, name: printable(assignment.name) };
}

/** What was found, for people: names and places. */
export function listing(candidates: readonly Candidate[], { leftAlone, refused }: Findings): string {
  const profiles = candidates.map((candidate) => {
    const rows = [...candidate.fields].flatMap(([field, places]) =>
      places.map((place, index) => [index === 0 ? `  ${field}` : '', placeText(placeOf(place))]),
    );
    return `${headline(candidate)}\n${columns(rows)}`;
  });
  const aside = [
    ...refused.map((place) => `refused: ${placeText(place)} ${place.reason}\n`),
    ...leftAlone.map(
      (place) => `left alone: ${placeText(place)}${place.reason ? `: ${place.reason}` : ''}\n`,
    ),
  ];
  return [...profiles, ...(aside.length > 0 ? [aside.join('')] : [])].join('\n');
}

function headline({ name, because, account, inherit }: Candidate): string {
  const known = [account?.name && `@${account.name}`, account?.id].filter(Boolean).join(', ');
  const parent = inherit === undefined ? '' : `, with the keys of ${inherit}`;
  return `${name}${known ? ` (${known})` : ''}${parent}: ${because}`;
}

const placeText = ({ path, line, name }: Place): string =>
  `${shown(path)}:${line}${name === '' ? '' : ` ${name}`}`;

/** What to call a place in few words. */
export const nameOf = ({ path, line, name }: Place): string => name || `line ${line} of ${shown(path)}`;

/** A path without control characters, which a terminal would obey. */
export const shown = (path: string): string => path.replace(/[\p{Cc}\p{Cf}]/gu, '?');

/** A path as it is written in a command line of a shell. */
export function commandPath(path: string): string {
  const text = shown(path);
  return /^[\w./~-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
