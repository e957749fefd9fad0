import { FIELDS, type FieldName, fieldOf } from '../profile/fields.ts';
import type { Secret } from '../profile/secret.ts';
import type { Group, Located } from './candidates-group.ts';

/** A group that will be a profile, and the group whose app it uses. */
export interface Linked {
  readonly group: Group;
  readonly parent?: Group;
}

const isApp = (field: FieldName): boolean => fieldOf(field).scope === 'app';
const APP_FIELDS = FIELDS.filter(({ scope }) => scope === 'app').map(({ name }) => name);

export const secretOf = (group: Group, field: FieldName): Secret | undefined =>
  group.fields.get(field)?.[0]?.secret;
export const hasUser = ({ fields }: Group): boolean => [...fields.keys()].some((field) => !isApp(field));
const hasApp = ({ fields }: Group): boolean => [...fields.keys()].some(isApp);

/**
 * Joins what belongs together: the same values found twice, the app's keys and the tokens of its one account. An app
 * that several accounts use becomes a group of its own. Parents come first.
 */
export function link(groups: readonly Group[]): Linked[] {
  const merged = joinSame(groups);
  joinNested(merged);
  giveApps(merged);
  return share(joinSame(merged));
}

/** Makes one group of groups that hold the same account, or of which one holds nothing that the other has not. */
function joinSame(groups: readonly Group[]): Group[] {
  const result: Group[] = [];
  for (const group of groups) {
    const same = result.filter((other) => isSame(other, group));
    // An app alone that several accounts use stays apart until it is shared.
    const [target] = same;
    if (target && (same.length === 1 || hasUser(group))) absorb(target, group);
    else result.push(group);
  }
  return result.length === groups.length ? result : joinSame(result);
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
  const before = target.fields.get(field) ?? [];
  target.fields.set(field, [...before, ...places.filter((place) => !before.includes(place))]);
}

/** Joins parts of one app that stand above each other in one file: a bearer token at the top, the pair in a section. */
function joinNested(groups: Group[]): void {
  for (const group of groups.filter((each) => !hasUser(each))) {
    const [target, ...others] = groups.filter((other) => other !== group && isNested(group, other));
    if (!target || others.length > 0) continue;
    absorb(target, group);
    groups.splice(groups.indexOf(group), 1);
  }
}

function isNested(app: Group, other: Group): boolean {
  if (!hasApp(other) || !isSameFile(app, other)) return false;
  if ([...app.fields.keys()].some((field) => other.fields.has(field))) return false;
  return commonDepth(app, other) === Math.min(app.scope.length, other.scope.length);
}

/** Gives each group that has only a user's tokens the app that stands nearest to it. */
function giveApps(groups: Group[]): void {
  const sources = new Map(groups.map((group) => [group, appFor(group, groups)]));
  for (const [group, source] of sources) {
    if (!source) continue;
    const users = [...sources.values()].filter((other) => other === source).length;
    if (users === 1 && isOneProfile(source, group)) {
      absorb(source, group);
      groups.splice(groups.indexOf(group), 1);
      continue;
    }
    for (const field of APP_FIELDS) {
      const places = source.fields.get(field);
      if (places) addPlaces(group, field, places);
    }
    for (const app of source.apps) group.apps.add(app);
  }
}

/** An app and the tokens of its only account. Tokens of both kinds of OAuth in one place are one account's. */
function isOneProfile(source: Group, group: Group): boolean {
  if (!hasUser(source)) return true;
  const isDisjoint = [...group.fields.keys()].every((field) => !source.fields.has(field));
  const isInside = source.scope.every((part, index) => part === group.scope[index]);
  return isDisjoint && isInside && isSameFile(source, group);
}

/** The nearest app of the same file, or the only one of all files; undefined where several could be meant. */
function appFor(group: Group, groups: readonly Group[]): Group | undefined {
  if (hasApp(group) || !hasUser(group)) return undefined;
  const apps = groups.filter((other) => other !== group && hasApp(other) && isWithoutConflict(other, group));
  const beside = apps.filter((other) => isSameFile(other, group));
  if (beside.length === 0) return onlyApp(apps);
  const nearness = beside.map((other) => commonDepth(other, group));
  const most = Math.max(...nearness);
  return onlyApp(beside.filter((_, index) => nearness[index] === most));
}

function isWithoutConflict(app: Group, group: Group): boolean {
  return !hasUser(app) || ![...group.fields.keys()].some((field) => agree(app, group, field));
}

const isSameFile = (a: Group, b: Group): boolean => [...a.paths].some((path) => b.paths.has(path));

function commonDepth(a: Group, b: Group): number {
  const differs = a.scope.findIndex((part, index) => part !== b.scope[index]);
  return differs < 0 ? a.scope.length : differs;
}

function onlyApp(apps: readonly Group[]): Group | undefined {
  const [first, ...others] = apps.toSorted((a, b) => Number(hasUser(a)) - Number(hasUser(b)));
  return first && others.every((other) => isSameApp(first, other)) ? first : undefined;
}

/** The same API key, or the same client id where there is no API key to compare. */
function isSameApp(a: Group, b: Group): boolean {
  const field = (['api_key', 'client_id', 'bearer_token'] as const).find(
    (name) => a.fields.has(name) && b.fields.has(name),
  );
  return field !== undefined && agree(a, b, field);
}

/** Moves the keys of an app that several accounts use into a group of their own. */
function share(groups: readonly Group[]): Linked[] {
  const result: Linked[] = [];
  const done = new Set<Group>();
  for (const group of groups) {
    if (done.has(group)) continue;
    const family = groups.filter((other) => !done.has(other) && (other === group || isSameApp(group, other)));
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
    for (const member of family) addPlaces(parent, field, member.fields.get(field) ?? []);
  }
  for (const member of family) for (const field of parent.fields.keys()) member.fields.delete(field);
  return parent.fields.size > 0 ? parent : undefined;
}

function isAgreed(family: readonly Group[], field: FieldName): boolean {
  const holders = family.filter(({ fields }) => fields.has(field));
  const [first, ...others] = holders;
  return first !== undefined && others.every((other) => agree(first, other, field));
}
