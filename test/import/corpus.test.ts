import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FIELDS } from '../../src/profile/fields.ts';
import { type Result, User } from '../support/cli.ts';
import {
  type Case,
  caseNames,
  type ExpectedProfile,
  readCase,
  template,
  type Wanted,
  writeCase,
} from './case.ts';
import { linesWith, Tokens } from './tokens.ts';

interface Place {
  readonly path: string;
  readonly line: number;
  readonly name: string;
}

/** What `import --json` prints. */
interface Report {
  readonly profiles: readonly {
    readonly name: string;
    readonly inherit: string | null;
    readonly account: { readonly id: string } | null;
    readonly fields: Readonly<Record<string, readonly Place[]>>;
    readonly stored: boolean;
  }[];
  readonly leftAlone: readonly Place[];
  readonly refused: readonly Place[];
}

/** What `list --json` prints. */
interface Listed {
  readonly name: string;
  readonly inherit: string | null;
  readonly account: { readonly id: string } | null;
  readonly fields: Readonly<Record<string, { readonly from: string }>>;
}

/** A stored profile with the labels of its values. */
interface Stored extends Omit<Listed, 'fields'> {
  readonly fields: Readonly<Record<string, string>>;
}

const USER_FIELDS: ReadonlySet<string> = new Set(
  FIELDS.filter(({ scope }) => scope === 'user').map(({ name }) => name),
);

describe('import: cases', () => {
  it.each(caseNames('good'))('%s', (name) => {
    const wanted = readCase('good', name);
    const tokens = new Tokens(name);
    const user = new User().withFileVault();
    const work = join(user.root, 'work');
    writeCase('good', name, tokens, work);
    const before = contents(wanted, work);

    const result = user.run(commandLine(wanted));
    expectStatus(result, wanted);
    expectQuiet(result, tokens);
    expectTexts(result.stderr, wanted.warns);
    const report: Report = JSON.parse(result.stdout);

    const listed: Listed[] = JSON.parse(user.must(['list', '--json']).stdout);
    const stored = storedProfiles(user, listed, tokens);
    expectProfiles(stored, listed, wanted, tokens);
    expectReport(report, listed);
    expectPlaces(report, stored, name, work);
    expectNames(report.leftAlone, wanted.leftAlone, 'left alone');
    expectNames(report.refused, wanted.refused, 'refused');
    expect(contents(wanted, work), 'the files that were read').toEqual(before);
  });
});

describe('import: cases that give nothing', () => {
  it.each(caseNames('bad'))('%s', (name) => {
    const wanted = readCase('bad', name);
    const tokens = new Tokens(name);
    const user = new User();
    // A vault could be made at once; an import that brings nothing must not make one.
    user.env = { ...user.env, TWVAULT_PASSPHRASE: 'made up for this test alone' };
    writeCase('bad', name, tokens, join(user.root, 'work'));

    const result = user.run(commandLine(wanted));
    expectStatus(result, wanted);
    expectQuiet(result, tokens);
    expectTexts(result.stderr, wanted.stderr);
    expect(result.stderr, 'what was said').not.toMatch(/^$|unknown option|unknown command/);
    if (result.stdout !== '') {
      const report: Report = JSON.parse(result.stdout);
      expect(report.profiles.filter(({ stored }) => stored)).toEqual([]);
      expectNames(report.leftAlone, wanted.leftAlone, 'left alone');
      expectNames(report.refused, wanted.refused, 'refused');
    }
    expect(existsSync(join(user.home, 'vault.json')), 'a vault was made').toBe(false);
  });
});

const commandLine = ({ args, options = [] }: Case): string[] => [
  'import',
  ...args,
  '--yes',
  ...options,
  '--json',
];

const contents = ({ args }: Case, work: string): string[] =>
  args.map((path) => readFileSync(join(work, path), 'latin1'));

function expectStatus(result: Result, { status }: Case): void {
  const allowed = typeof status === 'number' ? [status] : status;
  const how = result.signal ?? result.status;
  expect(allowed, `ended with ${how}\n${result.stderr}${result.stdout}`).toContain(how);
}

/** No part of a value in what was said, and every line of it in twvault's voice: no stack trace, no library's text. */
function expectQuiet({ stdout, stderr }: Result, tokens: Tokens): void {
  for (const [label, secret] of tokens.secrets()) {
    for (let at = 0; at + 8 <= secret.length; at++) {
      const part = secret.slice(at, at + 8);
      const shown = stdout.includes(part) || stderr.includes(part);
      if (shown) expect.fail(`characters ${at} to ${at + 8} of ${label} were shown:\n${stderr}${stdout}`);
    }
  }
  const foreign = stderr.split('\n').filter((line) => line !== '' && !line.startsWith('twvault: '));
  expect(foreign, 'lines on standard error that are not twvault speaking').toEqual([]);
}

function expectTexts(text: string, wanted: readonly Wanted[] = []): void {
  const lower = text.toLowerCase();
  for (const one of wanted) {
    const any = typeof one === 'string' ? [one] : one;
    if (!any.some((part) => lower.includes(part.toLowerCase())))
      expect.fail(`not said: ${any.join(' | ')}\n${text}`);
  }
}

/** A name in a report may be given with the way to it (`openai.api_key`). */
function expectNames(places: readonly Place[], wanted: readonly string[] = [], what: string): void {
  const names = places.map(({ name }) => name);
  for (const name of wanted) {
    if (!names.some((one) => one === name || one.endsWith(`.${name}`))) expect(names, what).toContain(name);
  }
}

/** Every profile with its values, inherited ones included, as `get` gives them. */
function storedProfiles(user: User, listed: readonly Listed[], tokens: Tokens): Stored[] {
  return listed.map(({ name, inherit, account, fields }) => ({
    name,
    inherit,
    account,
    fields: Object.fromEntries(
      Object.keys(fields).map((field) => [
        field,
        tokens.label(user.must(['get', name, field]).stdout.replace(/\n$/, '')),
      ]),
    ),
  }));
}

function expectProfiles(
  stored: readonly Stored[],
  listed: readonly Listed[],
  wanted: Case,
  tokens: Tokens,
): void {
  const parents = new Set(listed.map(({ inherit }) => inherit).filter((name) => name !== null));
  const hasTokens = (profile: Listed): boolean =>
    Object.entries(profile.fields).some(
      ([field, { from }]) => USER_FIELDS.has(field) && from === profile.name,
    );
  const names = listed.filter((one) => hasTokens(one) || !parents.has(one.name)).map(({ name }) => name);
  const left = stored.filter(({ name }) => names.includes(name));
  const missing: ExpectedProfile[] = [];
  for (const profile of wanted.profiles) {
    const at = left.findIndex((one) => isProfile(one, profile, tokens));
    if (at === -1) missing.push(profile);
    else left.splice(at, 1);
  }
  // Equal only when both are empty; otherwise the difference tells what is there and what should be.
  expect(left, 'profiles beside those expected').toEqual(missing);
  if (wanted.parents !== undefined)
    expect(parents.size, 'profiles that others inherit from').toBe(wanted.parents);
}

function isProfile(stored: Stored, wanted: ExpectedProfile, tokens: Tokens): boolean {
  const has = Object.entries(stored.fields);
  return (
    (wanted.name === undefined || wanted.name === stored.name) &&
    (wanted.account === undefined || tokens.value(wanted.account) === stored.account?.id) &&
    Object.entries(wanted.fields).every(([field, label]) => stored.fields[field] === label) &&
    has.every(([field, label]) => label === (wanted.fields[field] ?? wanted.maybe?.[field]))
  );
}

/** The report tells of exactly what is stored now. */
function expectReport(report: Report, listed: readonly Listed[]): void {
  const brief = ({ name, inherit, account }: Omit<Listed, 'fields'>) => ({ name, inherit, id: account?.id });
  const byName = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : 1);
  const told = report.profiles.filter(({ stored }) => stored);
  expect(told.map(brief).sort(byName), 'the report').toEqual(listed.map(brief).sort(byName));
  for (const profile of listed) {
    const fields = Object.keys(told.find(({ name }) => name === profile.name)?.fields ?? {});
    const own = Object.keys(profile.fields).filter((field) => profile.fields[field]?.from === profile.name);
    expect(fields, `fields of ${profile.name} in the report`).toEqual(expect.arrayContaining(own));
    expect(Object.keys(profile.fields), `fields of ${profile.name}`).toEqual(expect.arrayContaining(fields));
  }
}

/** Each value is said to come from a line that has it, or that begins the statement that has it. */
function expectPlaces(report: Report, stored: readonly Stored[], name: string, work: string): void {
  for (const profile of report.profiles) {
    for (const [field, places] of Object.entries(profile.fields)) {
      const label = stored.find((one) => one.name === profile.name)?.fields[field] ?? '';
      expect(places.length, `places of ${profile.name} ${field}`).toBeGreaterThan(0);
      for (const place of places) expectPlace(place, label, name, work);
    }
  }
}

function expectPlace({ path, line }: Place, label: string, name: string, work: string): void {
  const text = template('good', name, resolve(work, path).slice(work.length + 1));
  expect(text, `the report names ${path}`).toBeDefined();
  // A notebook may be counted by the lines of the file or of the cell.
  if (text === undefined || path.endsWith('.ipynb')) return;
  const lines = linesWith(text, label);
  const near = lines.some((one) => one >= line && one <= line + 2);
  expect(near, `${path}:${line} as the place of ${label}, which is on ${lines.join(', ')}`).toBe(true);
}
