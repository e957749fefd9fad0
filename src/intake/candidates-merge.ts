import { FIELDS, type FieldName, fieldOf } from '../profile/fields.ts';
import type { Secret } from '../profile/secret.ts';
import type { Group, Located } from './candidates-group.ts';
import { GroupIndex } from './candidates-index.ts';

/** A group that will be a profile, and the group whose app it uses. */
export interface Linked {
  readonly group: Group;
  readonly parent?: Group;
}

const isApp = (field: FieldName): boolean => fieldOf(field).scope === 'app';
const ALL_FIELDS = FIELDS.map(({ name }) => name);
const APP_FIELDS = ALL_FIELDS.filter(isApp);
const USER_FIELDS = ALL_FIELDS.filter((field) => !isApp(field));

export const secretOf = (group: Group, field: FieldName): Secret | undefined =>
  group.fields.get(field)?.[0]?.secret;
export const hasUser = ({ fields }: Group): boolean => [...fields.keys()].some((field) => !isApp(field));
const hasApp = ({ fields }: Group): boolean => [...fields.keys()].some(isApp);

/**
 * Joins what belongs together: the same values found twice, the app's keys and the tokens of its one account. An app
 * that several accounts use becomes a group of its own. Parents come first.
 */
export function link(groups: readonly Group[]): Linked[] {
  const merged = joinNested(joinSame(groups));
  return share(joinSame(giveApps(merged)));
}

/** Makes one group of groups that hold the same account, or of which one holds nothing that the other has not. */
function joinSame(groups: readonly Group[]): Group[] {
  const result = new Set<Group>();
  const [all, apps] = [new GroupIndex(), new GroupIndex()];
  for (const group of groups) {
    const same = alike(group, all, apps).filter((other) => isSame(other, group));
    // An app alone that several accounts use stays apart until it is shared.
    const [target] = same;
    const kept = target && (same.length === 1 || hasUser(group)) ? target : group;
    if (kept !== group) absorb(kept, group);
    result.add(kept);
    all.add(kept);
    if (!hasUser(kept)) apps.add(kept);
  }
  return result.size === groups.length ? [...result] : joinSame([...result]);
}

/** What may be the same: two accounts are by a user's field only, and many may have one app. */
function alike(group: Group, all: GroupIndex, apps: GroupIndex): Group[] {
  if (!hasUser(group)) return all.sharing(group, ALL_FIELDS);
  return all.inOrder(new Set([...all.sharing(group, USER_FIELDS), ...apps.sharing(group, APP_FIELDS)]));
}

function isSame(a: Group, b: Group): boolean {
  const shared = [...a.fields.keys()].filter((field) => b.fields.has(field));
  if (shared.length === 0 || !shared.every((field) => agree(a, b, field))) return false;
  return shared.some((field) => !isApp(field)) || !hasUser(a) || !hasUser(b);
}

function agree(a: Group, b: Group, field: FieldName): boolean {
  const [mine, theirs] = [secretOf(a, field), secretOf(b, field)];
  return mine !== undefined && theirs !== undefined && mine.equals(theirs);
}

function absorb(target: Group, group: Group): void {
  for (const [field, places] of group.fields) addPlaces(target, field, places);
  for (const path of group.paths) target.paths.add(path);
  for (const key of ['users', 'apps', 'labels'] as const) {
    for (const name of group[key]) target[key].add(name);
  }
  target.notes.push(...group.notes.filter((note) => !target.notes.includes(note)));
}

function addPlaces(target: Group, field: FieldName, places: readonly Located[]): void {
  target.fields.set(field, [...new Set([...(target.fields.get(field) ?? []), ...places])]);
}

/** Joins parts of one app that stand above each other in one file: a bearer token at the top, the pair in a section. */
function joinNested(groups: readonly Group[]): Group[] {
  const rest = new Set(groups);
  const kinds = new Map<string, Set<Group>>();
  const kindOf = ({ fields }: Group): Set<Group> => {
    const kind = [...fields.keys()].sort().join();
    const known = kinds.get(kind) ?? new Set();
    kinds.set(kind, known);
    return known;
  };
  for (const group of groups) kindOf(group).add(group);
  for (const group of groups.filter((each) => !hasUser(each))) {
    const target = onlyNested(group, kinds.values());
    if (!target) continue;
    for (const each of [group, target]) kindOf(each).delete(each);
    absorb(target, group);
    kindOf(target).add(target);
    rest.delete(group);
  }
  return [...rest];
}

/** The one group that an app is a part of. @param kinds groups that have the same fields: all of a kind or none can be it */
function onlyNested(app: Group, kinds: Iterable<ReadonlySet<Group>>): Group | undefined {
  let found: Group | undefined;
  for (const kind of kinds) {
    const [first] = kind;
    if (!first || !hasApp(first) || hasCommonField(app, first)) continue;
    for (const other of kind) {
      if (!isNested(app, other)) continue;
      if (found) return undefined;
      found = other;
    }
  }
  return found;
}

const hasCommonField = (a: Group, b: Group): boolean =>
  [...a.fields.keys()].some((field) => b.fields.has(field));

function isNested(app: Group, other: Group): boolean {
  return isSameFile(app, other) && commonDepth(app, other) === Math.min(app.scope.length, other.scope.length);
}

/** Gives each group that has only a user's tokens the app that stands nearest to it. */
function giveApps(groups: readonly Group[]): Group[] {
  const apps = groups.filter(hasApp);
  const sources = new Map(groups.map((group) => [group, appFor(group, apps)]));
  const users = new Map<Group | undefined, number>();
  for (const source of sources.values()) users.set(source, (users.get(source) ?? 0) + 1);
  const joined = new Set<Group>();
  for (const [group, source] of sources) {
    if (!source) continue;
    if (users.get(source) === 1 && isOneProfile(source, group)) {
      absorb(source, group);
      joined.add(group);
      continue;
    }
    for (const field of APP_FIELDS) {
      const places = source.fields.get(field);
      if (places) addPlaces(group, field, places);
    }
    for (const app of source.apps) group.apps.add(app);
  }
  return groups.filter((group) => !joined.has(group));
}

/** An app and the tokens of its only account. Tokens of both kinds of OAuth in one place are one account's. */
function isOneProfile(source: Group, group: Group): boolean {
  if (!hasUser(source)) return true;
  const isDisjoint = [...group.fields.keys()].every((field) => !source.fields.has(field));
  const isInside = source.scope.every((part, index) => part === group.scope[index]);
  return isDisjoint && isInside && isSameFile(source, group);
}

/** The nearest app of the same file, or the only one of all files; undefined where several could be meant. */
function appFor(group: Group, apps: readonly Group[]): Group | undefined {
  if (hasApp(group) || !hasUser(group)) return undefined;
  const possible = apps.filter((other) => isWithoutConflict(other, group));
  const beside = possible.filter((other) => isSameFile(other, group));
  if (beside.length === 0) return onlyApp(possible);
  const nearness = beside.map((other) => commonDepth(other, group));
  const most = Math.max(...nearness);
  return onlyApp(beside.filter((_, index) => nearness[index] === most));
}

function isWithoutConflict(app: Group, group: Group): boolean {
  return !hasUser(app) || ![...group.fields.keys()].some((field) => agree(app, group, field));
}

function isSameFile(a: Group, b: Group): boolean {
  for (const path of a.paths) if (b.paths.has(path)) return true;
  return false;
}

function commonDepth(a: Group, b: Group): number {
  const differs = a.scope.findIndex((part, index) => part !== b.scope[index]);
  return differs < 0 ? a.scope.length : differs;
}

function onlyApp(apps: readonly Group[]): Group | undefined {
  const [first, ...others] = apps.toSorted((a, b) => Number(hasUser(a)) - Number(hasUser(b)));
  return first && others.every((other) => isSameApp(first, other)) ? first : undefined;
}

/** What tells one app from another, the surest first. */
const APP_NAMES = ['api_key', 'client_id', 'bearer_token'] as const;

/** The same API key, or the same client id where there is no API key to compare. */
function isSameApp(a: Group, b: Group): boolean {
  const field = APP_NAMES.find((name) => a.fields.has(name) && b.fields.has(name));
  return field !== undefined && agree(a, b, field);
}

/** Moves the keys of an app that several accounts use into a group of their own. */
function share(groups: readonly Group[]): Linked[] {
  const result: Linked[] = [];
  const done = new Set<Group>();
  const index = new GroupIndex();
  for (const group of groups) index.add(group);
  for (const group of groups) {
    if (done.has(group)) continue;
    const others = index.sharing(group, APP_NAMES).filter((other) => other !== group && !done.has(other));
    const family = [group, ...others.filter((other) => isSameApp(group, other))];
    for (const member of family) done.add(member);
    const accounts = family.filter(hasUser);
    const parent = accounts.length > 1 ? sharedApp(family) : undefined;
    if (!parent) result.push(...family.map((member) => ({ group: member })));
    else {
      const rest = family.filter((member) => !hasUser(member) && member.fields.size > 0);
      result.push({ group: parent }, ...accounts.map((member) => ({ group: member, parent })));
      result.push(...rest.map((member) => ({ group: member })));
    }
  }
  return result;
}

/** Takes what all agree on out of the accounts' groups; undefined where that is nothing. */
function sharedApp(family: readonly Group[]): Group | undefined {
  const parent: Group = {
    paths: new Set(family.flatMap(({ paths }) => [...paths])),
    scope: [],
    fields: new Map(),
    notes: [],
    users: new Set(),
    apps: new Set(family.flatMap(({ apps }) => [...apps])),
    labels: new Set(family.filter((member) => !hasUser(member)).flatMap(({ labels }) => [...labels])),
  };
  const agreed = APP_FIELDS.filter((field) => isAgreed(family, field));
  for (const field of agreed) {
    const { partner } = fieldOf(field);
    // Halves of a pair that came from two profiles would be an error at X.
    if (partner && family.some(({ fields }) => fields.has(partner)) && !agreed.includes(partner)) continue;
    addPlaces(
      parent,
      field,
      family.flatMap((member) => member.fields.get(field) ?? []),
    );
  }
  for (const member of family) for (const field of parent.fields.keys()) member.fields.delete(field);
  return parent.fields.size > 0 ? parent : undefined;
}

function isAgreed(family: readonly Group[], field: FieldName): boolean {
  const holders = family.filter(({ fields }) => fields.has(field));
  const [first, ...others] = holders;
  return first !== undefined && others.every((other) => agree(first, other, field));
}
