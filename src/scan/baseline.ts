import { existsSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { failed, usage } from '../failure.ts';
import { FormatError, type Json, object, string } from '../profile/json.ts';
import { replaceFile } from '../system/files.ts';
import { readForeign } from '../system/foreign-file.ts';
import { repositoryRoot } from '../system/repository.ts';
import type { Finding } from './finding.ts';

/** Where a project keeps the findings that it accepts. */
export const BASELINE_FILE = '.twvault-baseline.json';
const LIMIT = 16 * 1024 * 1024;
export const FORMAT = 'twvault-baseline-1';

/**
 * A finding that a project accepts. Its id follows from its rule and its value, so an accepted value stays accepted
 * when it moves; path and rule are there for people.
 */
export interface Accepted {
  readonly path: string;
  readonly rule: string;
  readonly id: string;
}

/** The baseline that counts in a folder: the nearest one up to the repository's root; where there is none, the root's. */
export function baselineFor(folder: string): string {
  const root = repositoryRoot(folder) ?? folder;
  for (let here = folder; ; here = dirname(here)) {
    const file = join(here, BASELINE_FILE);
    if (here === root || existsSync(file)) return file;
  }
}

/**
 * What a baseline accepts.
 * @param isOptional whether the file may be missing
 * @throws Failure exit 2 where it is missing, exit 1 where it cannot be read or is no baseline
 */
export function readBaseline(file: string, isOptional: boolean): Accepted[] {
  const found = readForeign(file, LIMIT);
  if (!found) {
    if (isOptional) return [];
    throw usage(`there is no baseline ${file}`, ['make one: twvault scan --write-baseline']);
  }
  try {
    return acceptedIn(JSON.parse(found.bytes.toString('utf8')) as Json);
  } catch (error) {
    if (!(error instanceof FormatError) && !(error instanceof SyntaxError)) throw error;
    throw failed(
      `${file} is not a baseline of twvault`,
      ['make it again: twvault scan --write-baseline'],
      error,
    );
  }
}

function acceptedIn(value: Json): Accepted[] {
  const members = object(value, 'the baseline');
  if (members.get('format') !== FORMAT) throw new FormatError('its format is not known to this twvault');
  const findings = members.get('findings');
  if (!Array.isArray(findings)) throw new FormatError('findings is no list');
  return findings.map((finding) => {
    const parts = object(finding as Json, 'a finding');
    const part = (name: string): string => string(parts.get(name), name);
    return { path: part('path'), rule: part('rule'), id: part('id') };
  });
}

/** Findings as a baseline has them. @param from the folder that their paths begin at */
export function acceptedOf(findings: readonly Finding[], file: string, from: string): Accepted[] {
  const folder = dirname(file);
  return findings.map(({ path, rule, id }) => ({
    path: relative(folder, resolve(from, path)).split(sep).join('/'),
    rule,
    id,
  }));
}

/**
 * Writes a baseline: sorted, so that a change of it is easy to review.
 * @throws Failure exit 1 where it cannot be written
 */
export function writeBaseline(file: string, accepted: readonly Accepted[]): void {
  const rows = new Map(
    accepted.map(({ path, rule, id }) => [`${path}\0${rule}\0${id}`, { path, rule, id }] as const),
  );
  const sorted = [...rows].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, row]) => row);
  const text = `${JSON.stringify({ format: FORMAT, findings: sorted }, null, 2)}\n`;
  // In place of a link too: one that came with a clone could mean any file of the user's.
  replaceFile(file, Buffer.from(text), undefined, 0o644);
}
