import { readFileSync, writeFileSync } from 'node:fs';
import { failed, systemCode, usage } from '../failure.ts';
import { FormatError, type Json, object, string } from '../profile/json.ts';
import type { Finding } from './finding.ts';

/** Where a project keeps the findings that it accepts. */
export const BASELINE_FILE = '.twvault-baseline.json';
const FORMAT = 'twvault-baseline-1';

/**
 * The ids of the findings that a baseline accepts. A finding's id follows from its rule and its value, so an accepted
 * value stays accepted when it moves.
 * @param isOptional whether the file may be missing
 * @throws Failure exit 2 where it is missing, exit 1 where it cannot be read or is no baseline
 */
export function readBaseline(file: string, isOptional: boolean): ReadonlySet<string> {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') throw failed(`cannot read the baseline ${file}`, [], error);
    if (isOptional) return new Set();
    throw usage(`there is no baseline ${file}`, ['make one: twvault scan --write-baseline']);
  }
  try {
    return new Set(idsIn(JSON.parse(text) as Json));
  } catch (error) {
    if (!(error instanceof FormatError) && !(error instanceof SyntaxError)) throw error;
    throw failed(
      `${file} is not a baseline of twvault`,
      ['make it again: twvault scan --write-baseline'],
      error,
    );
  }
}

function idsIn(value: Json): string[] {
  const members = object(value, 'the baseline');
  if (members.get('format') !== FORMAT) throw new FormatError('its format is not known to this twvault');
  const findings = members.get('findings');
  if (!Array.isArray(findings)) throw new FormatError('findings is no list');
  return findings.map((finding) => string(object(finding as Json, 'a finding').get('id'), 'id'));
}

/**
 * Writes a baseline that accepts these findings: their ids, rules and paths, sorted, so that a change of it is easy to
 * review.
 * @throws Failure exit 1 where it cannot be written
 */
export function writeBaseline(file: string, findings: readonly Finding[]): void {
  const rows = new Map(
    findings.map(({ id, rule, path }) => [`${path}\0${rule}\0${id}`, { path, rule, id }] as const),
  );
  const sorted = [...rows].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, row]) => row);
  const text = `${JSON.stringify({ format: FORMAT, findings: sorted }, null, 2)}\n`;
  try {
    writeFileSync(file, text);
  } catch (error) {
    throw failed(`cannot write the baseline ${file}`, [], error);
  }
}
