import { join } from 'node:path';
import { failed } from '../failure.ts';
import { accountFrom, grantFrom, profileNameFrom, recipientsFrom } from '../profile/codec.ts';
import { type FieldName, isFieldName } from '../profile/fields.ts';
import { FormatError, type Json, object, only, positive, string, timestamp } from '../profile/json.ts';
import { isExtraName, isProfileName } from '../profile/names.ts';
import type { Account, Entry, Grant, Profile } from '../profile/profile.ts';
import { ensurePrivateDirectory, namesIn, readPrivate, removePrivate, replaceFile } from '../system/files.ts';

/**
 * What may be known of a profile without opening it: names and dates, no values. It also remembers the last
 * generation and revision written, so that an older file put back is noticed.
 */
export interface IndexEntry {
  readonly name: string;
  readonly generation: number;
  readonly revision: string;
  readonly created: string;
  readonly updated: string;
  readonly inherit?: string;
  readonly account?: Account;
  readonly grant?: Grant;
  /** When the values were entered that a rotation has yet to put in place. */
  readonly rotation?: string;
  readonly recipients?: readonly string[];
  /** Which fields the profile has, and when each was set. */
  readonly fields: ReadonlyMap<FieldName, string>;
  readonly extras: ReadonlyMap<string, string>;
  /** Fingerprints of the values by field or extra, of those that have one. A scan reads and checks them. */
  readonly fingerprints: ReadonlyMap<string, string>;
}

/** How many profiles deep inheritance may go. */
export const MOST_ANCESTORS = 8;

const EXTENSION = '.json';
const LIMIT = 256 * 1024;

/** The index entry of a profile whose record was written as this revision. */
export function indexEntry(
  profile: Profile,
  revision: string,
  fingerprints: ReadonlyMap<string, string>,
): IndexEntry {
  const { fields, extras, staged, ...rest } = profile;
  const [rotation] = [...(staged?.values() ?? [])].map(({ set }) => set).sort();
  return {
    ...rest,
    ...(rotation === undefined ? {} : { rotation }),
    revision,
    fields: dates(fields),
    extras: dates(extras),
    fingerprints,
  };
}

/** One small file a profile, so that neither reading nor writing one grows with their number. */
export class ProfileIndex {
  readonly directory: string;

  constructor(home: string) {
    this.directory = join(home, 'index');
  }

  /**
   * The entry of a profile, or null.
   * @throws Failure where it is damaged
   */
  read(name: string): IndexEntry | null {
    const path = this.#path(name);
    const bytes = readPrivate(path, LIMIT);
    if (!bytes) return null;
    try {
      return entryFrom(JSON.parse(bytes.toString('utf8')) as Json, name);
    } catch (error) {
      if (!(error instanceof FormatError) && !(error instanceof SyntaxError)) throw error;
      throw failed(
        `${path} is damaged`,
        ['it holds no secret and can be made again: twvault doctor --fix'],
        error,
      );
    }
  }

  /** The entries of a profile and of those it inherits from, nearest first; ends early where one is not known. */
  chain(name: string): IndexEntry[] {
    const chain: IndexEntry[] = [];
    for (let next: string | undefined = name; next !== undefined && chain.length <= MOST_ANCESTORS; ) {
      const entry = this.read(next);
      if (!entry || chain.some(({ name: known }) => known === entry.name)) break;
      chain.push(entry);
      next = entry.inherit;
    }
    return chain;
  }

  write(entry: IndexEntry): void {
    ensurePrivateDirectory(this.directory);
    const value = {
      ...entry,
      fields: Object.fromEntries(entry.fields),
      extras: Object.fromEntries(entry.extras),
      fingerprints: Object.fromEntries(entry.fingerprints),
    };
    replaceFile(this.#path(entry.name), Buffer.from(`${JSON.stringify(value)}\n`));
  }

  remove(name: string): void {
    removePrivate(this.#path(name));
  }

  names(): string[] {
    return namesIn(this.directory)
      .filter((file) => file.endsWith(EXTENSION))
      .map((file) => file.slice(0, -EXTENSION.length))
      .filter(isProfileName);
  }

  #path(name: string): string {
    return join(this.directory, name + EXTENSION);
  }
}

function dates<Name>(entries: ReadonlyMap<Name, Entry>): Map<Name, string> {
  return new Map([...entries].map(([name, { set }]) => [name, set]));
}

function entryFrom(value: Json, name: string): IndexEntry {
  const members = object(value, 'the entry');
  only(
    members,
    'the entry',
    'name generation revision created updated inherit account grant rotation recipients fields extras fingerprints',
  );
  if (members.get('name') !== name) throw new FormatError('name is another');
  const inherit = members.get('inherit');
  const account = members.get('account');
  const grant = members.get('grant');
  const rotation = members.get('rotation');
  const recipients = members.get('recipients');
  return {
    name,
    generation: positive(members.get('generation'), 'generation'),
    revision: string(members.get('revision'), 'revision'),
    created: timestamp(members.get('created'), 'created'),
    updated: timestamp(members.get('updated'), 'updated'),
    ...(inherit === undefined ? {} : { inherit: profileNameFrom(inherit, 'inherit') }),
    ...(account === undefined ? {} : { account: accountFrom(account) }),
    ...(grant === undefined ? {} : { grant: grantFrom(grant) }),
    ...(rotation === undefined ? {} : { rotation: timestamp(rotation, 'rotation') }),
    ...(recipients === undefined ? {} : { recipients: recipientsFrom(recipients, 'recipients') }),
    fields: datesFrom(members.get('fields'), 'fields', isFieldName),
    extras: datesFrom(members.get('extras'), 'extras', (key): key is string => isExtraName(key)),
    fingerprints: textsFrom(members.get('fingerprints') ?? {}, 'fingerprints'),
  };
}

function textsFrom(value: Json, where: string): Map<string, string> {
  return new Map([...object(value, where)].map(([key, text]) => [key, string(text, `${where}.${key}`)]));
}

function datesFrom<Name extends string>(
  value: Json | undefined,
  where: string,
  isName: (key: string) => key is Name,
): Map<Name, string> {
  const result = new Map<Name, string>();
  for (const [key, date] of object(value, where)) {
    if (!isName(key)) throw new FormatError(`${where} has an unknown name`);
    result.set(key, timestamp(date, `${where}.${key}`));
  }
  return result;
}
