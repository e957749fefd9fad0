import { FIELDS, type FieldName } from '../profile/fields.ts';
import { printable } from '../profile/names.ts';
import { accountIdOf, shapeWarnings } from '../profile/shape.ts';
import { type Decision, decide } from './candidates-decide.ts';
import { type Named, nameFields } from './candidates-fields.ts';
import type { Group, Located, Place, Situated, Source } from './candidates-group.ts';
import { type Linked, link, secretOf } from './candidates-merge.ts';
import { type Proposal, proposeNames } from './candidates-name.ts';
import { labelOf, situate } from './candidates-situate.ts';
import { fieldByShape, fits, holds, isSecretOfOthers, misplaced, userNameIn } from './candidates-values.ts';

export type { Located, Place, Source } from './candidates-group.ts';

/** A profile that the files would make. */
export interface Candidate {
  /** A valid profile name, unique among the candidates. */
  readonly name: string;
  /** What the name was taken from, in words. */
  readonly because: string;
  readonly account?: { readonly id?: string; readonly name?: string };
  /** The name of another candidate, which holds the app's keys. It comes before this one. */
  readonly inherit?: string;
  /** Own fields only. Every place of one field holds the same value. */
  readonly fields: ReadonlyMap<FieldName, readonly Located[]>;
  /** What was taken off values, a sentence each. */
  readonly notes: readonly string[];
  /** Values that do not look like what X issues, a sentence each; never a value. */
  readonly warnings: readonly string[];
}

export interface Findings {
  /** Parents first. */
  readonly candidates: readonly Candidate[];
  /** Names of secrets that are not, or may not be, X's; with the reason where there is more to say than that. */
  readonly leftAlone: readonly (Place & { readonly reason?: string })[];
  /** Names that mean credentials of X, with values that cannot be used: placeholders, cookies. */
  readonly refused: readonly (Place & { readonly reason: string })[];
}

/** The profiles that what was read would make. Never throws because of a value. */
export function candidatesOf(sources: readonly Source[]): Findings {
  const sorting: Sorting = { groups: [], leftAlone: [], refused: [] };
  for (const source of sources) {
    const situated = situate(source);
    const isFiled = ({ assignment }: Situated) => assignment.scope.at(-1) === 'bearer_tokens';
    const filed = situated.filter(isFiled);
    for (const items of byScope(situated.filter((item) => !isFiled(item)))) sortScope(items, sorting);
    for (const item of filed) fileBearer(item, sorting);
  }
  const linked = link(sorting.groups);
  const names = proposeNames(linked);
  return {
    candidates: linked.map((each) => candidateFrom(each, names)),
    leftAlone: inOrder(sorting.leftAlone),
    refused: inOrder(sorting.refused),
  };
}

interface Sorting {
  readonly groups: Group[];
  readonly leftAlone: (Place & { reason?: string })[];
  readonly refused: (Place & { reason: string })[];
}

function byScope(items: readonly Situated[]): Situated[][] {
  return grouped(items, ({ scope }) => scope.join('\0'));
}

function grouped<T>(items: readonly T[], keyOf: (item: T) => string): T[][] {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const known = groups.get(keyOf(item));
    if (known) known.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return [...groups.values()];
}

/** Sorts what stands in one scope: into groups, what is left alone, and what is refused. */
function sortScope(items: readonly Situated[], sorting: Sorting): void {
  const telling = items.filter(isUserName);
  const bare = items.filter(({ assignment }) => assignment.name === '');
  const others = items.filter((item) => !isUserName(item) && item.assignment.name !== '');
  const { named, unnamed } = nameFields(others);
  const before = sorting.groups.length;
  for (const labelled of grouped(named, ({ label }) => label)) {
    for (const set of setsOf(labelled)) take(decide(set), sorting);
  }
  for (const set of bareSets(bare)) take(set, sorting);
  for (const { path, assignment } of unnamed) {
    if (isSecretOfOthers(assignment.name, assignment.secret))
      sorting.leftAlone.push(placeOf(path, assignment));
  }
  nameUser(telling, sorting.groups.slice(before));
}

/** A plain `username` outside any section may be anyone's, of a database for example. */
function isUserName({ name, scope }: Situated): boolean {
  if (/^username$|^user_name$/i.test(name)) return scope.length > 0;
  return /^((my|twitter|x)_?user_?name|((my|twitter|x)_?)?(screen_?name|handle))$/i.test(name);
}

function nameUser(telling: readonly Situated[], groups: readonly Group[]): void {
  const [group] = groups;
  if (!group || groups.length > 1) return;
  for (const { assignment } of telling) {
    const user = userNameIn(assignment.secret);
    if (user !== undefined) group.users.add(user);
  }
}

/**
 * Names that give several fields twice are two sets: those of one beginning (TWITTER_..., X_...), or one entry after
 * the other.
 */
function setsOf(named: readonly Named[]): Named[][] {
  if (doubled(named) < 2) return [[...named]];
  const byAffix = grouped(named, ({ affix }) => affix);
  return (byAffix.length > 1 ? byAffix : [[...named]]).flatMap((set) =>
    doubled(set) < 2 ? [set] : inTurn(set),
  );
}

/** How many fields have several names with different values. */
function doubled(named: readonly Named[]): number {
  return grouped(named, ({ field }) => field).filter(([first, ...more]) =>
    more.some(
      ({ situated }) => !first || !situated.assignment.secret.equals(first.situated.assignment.secret),
    ),
  ).length;
}

/** A new set begins with every field that the set before has already. */
function inTurn(named: readonly Named[]): Named[][] {
  const sets: Named[][] = [];
  for (const each of named) {
    const last = sets.at(-1);
    if (last && !last.some(({ field }) => field === each.field)) last.push(each);
    else sets.push([each]);
  }
  return sets;
}

/** Values without names, told apart by shape; a new set begins where a field comes again. */
function bareSets(items: readonly Situated[]): Decision[][] {
  const sets: Decision[][] = [];
  for (const situated of items) {
    const field = fieldByShape(situated.assignment.secret);
    if (!field) continue;
    const named = { situated, field, label: '', affix: '', saysX: true, isCommon: false };
    const last = sets.at(-1);
    const decisions = decide([named]);
    if (last && !last.some((decision) => decision.named.field === field)) last.push(...decisions);
    else sets.push(decisions);
  }
  return sets.filter((set) => set.length > 1 || !isWeak(set[0]?.named.field));
}

/** Shapes that other services' values have too: one such value alone proves nothing. */
const isWeak = (field: FieldName | undefined): boolean =>
  field === 'api_key' ||
  field === 'api_secret' ||
  field === 'access_token_secret' ||
  field === 'client_secret';

/** Makes a group of the decisions on one set. */
function take(decisions: readonly Decision[], sorting: Sorting): void {
  const taken: (Decision & { kind: 'taken' })[] = [];
  for (const decision of decisions) {
    if (decision.kind === 'taken') taken.push(decision);
    else aside(decision.named, decision.kind, decision.reason, sorting);
  }
  const fields = new Map<FieldName, Located[]>();
  const notes: string[] = [];
  for (const rivals of grouped(taken, ({ named }) => named.field)) {
    const [best, ...rest] = rivals.toSorted(byLikelihood);
    if (!best) continue;
    const { field } = best.named;
    const same = rest.filter(({ secret }) => secret.equals(best.secret));
    for (const { named } of rest.filter(({ secret }) => !secret.equals(best.secret))) {
      aside(
        named,
        'left',
        `${printable(best.named.situated.assignment.name)} gives ${field} already, with another value`,
        sorting,
      );
    }
    fields.set(field, [best, ...same].map(locatedFrom));
    if (best.removed.length > 0) notes.push(`${field}: took off ${best.removed.join(' and ')}`);
  }
  const [first] = taken;
  if (first) sorting.groups.push(groupFrom(first.named, fields, notes));
}

/** The better of two values for one field: named for X, then of X's shape, then the later one. */
function byLikelihood(a: Decision & { kind: 'taken' }, b: Decision & { kind: 'taken' }): number {
  const scoreOf = ({ named, secret }: typeof a): number =>
    (fits(named.field, secret) ? 4 : 0) + (named.saysX ? 2 : 0) + (named.isCommon ? 0 : 1);
  return (
    scoreOf(b) - scoreOf(a) ||
    b.named.situated.assignment.value.start - a.named.situated.assignment.value.start
  );
}

const locatedFrom = ({ named, secret }: Decision & { kind: 'taken' }): Located => ({
  secret,
  path: named.situated.path,
  assignment: named.situated.assignment,
});

function groupFrom({ situated, label }: Named, fields: Map<FieldName, Located[]>, notes: string[]): Group {
  const { path, scope, user, app } = situated;
  const section = user === undefined && app === undefined ? labelOf(scope) : undefined;
  return {
    paths: new Set([path]),
    scope,
    fields,
    notes,
    users: new Set(user === undefined ? [] : [user]),
    apps: new Set(app === undefined ? [] : [app]),
    labels: new Set([label.replace(/^\d+$/, ''), section ?? ''].filter((text) => text !== '')),
  };
}

function aside(named: Named, kind: 'refused' | 'left', reason: string, sorting: Sorting): void {
  const { path, assignment } = named.situated;
  const place = { ...placeOf(path, assignment), reason };
  if (kind === 'refused') sorting.refused.push(place);
  else if (
    assignment.secret.length > 0 &&
    (named.label === '' || isSecretOfOthers(assignment.name, assignment.secret))
  )
    sorting.leftAlone.push(place);
}

/** twurl keeps bearer tokens under their consumer keys. */
function fileBearer({ path, assignment }: Situated, { groups, leftAlone }: Sorting): void {
  const owners = groups.filter((group) => {
    const key = secretOf(group, 'api_key');
    return key !== undefined && holds(key, assignment.name);
  });
  if (owners.length === 0) leftAlone.push(placeOf(path, assignment));
  for (const { fields } of owners) {
    const named = { secret: assignment.secret, path, assignment };
    fields.set('bearer_token', [...(fields.get('bearer_token') ?? []), named]);
  }
}

const placeOf = (path: string, { line, name }: Located['assignment']): Place => ({
  path,
  line,
  name: printable(name),
});

const inOrder = <P extends Place>(places: readonly P[]): P[] =>
  places.toSorted((a, b) => (a.path === b.path ? a.line - b.line : 0));

function candidateFrom({ group, parent }: Linked, names: ReadonlyMap<Group, Proposal>): Candidate {
  const { name, because } = names.get(group) as Proposal;
  const inherit = parent && names.get(parent)?.name;
  const account = accountOf(group);
  return {
    name,
    because,
    ...(account === undefined ? {} : { account }),
    ...(inherit === undefined ? {} : { inherit }),
    fields: new Map(FIELDS.flatMap((field) => fieldEntry(group, field.name))),
    notes: group.notes,
    warnings: warningsOf(group),
  };
}

function fieldEntry(group: Group, field: FieldName): [FieldName, Located[]][] {
  const places = group.fields.get(field);
  return places ? [[field, places]] : [];
}

function accountOf(group: Group): Candidate['account'] {
  const token = secretOf(group, 'access_token');
  const id = token && accountIdOf(token);
  const [name] = [...group.users].filter((user) => /^\w{1,30}$/.test(user));
  if (id === undefined && name === undefined) return undefined;
  return { ...(id === undefined ? {} : { id }), ...(name === undefined ? {} : { name }) };
}

function warningsOf(group: Group): string[] {
  const values = new Map(
    [...group.fields].flatMap(([field, [first]]) => (first ? [[field, first.secret] as const] : [])),
  );
  const strangers = [...values].flatMap(([field, secret]) => {
    const other = misplaced(field, secret);
    return other
      ? [`the value of ${field} has the shape of ${/^[aeio]/.test(other) ? 'an' : 'a'} ${other}`]
      : [];
  });
  return [...shapeWarnings(values), ...strangers];
}
