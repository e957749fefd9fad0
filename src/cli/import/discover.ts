import { homedir } from 'node:os';
import { relative } from 'node:path';
import { Failure } from '../../failure.ts';
import { candidatesOf } from '../../intake/candidates.ts';
import { usualPlaces } from '../../intake/places.ts';
import type { Reading } from '../../intake/read.ts';
import type { Variables } from '../../system/paths.ts';
import type { Context } from '../context.ts';
import { hint, print, printJson, say } from '../voice.ts';
import { commandPath, importReport, listing } from './report.ts';
import { sourceFrom } from './source.ts';
import { withUnread } from './unread.ts';

/** Lists what the usual places hold, and imports nothing. */
export function discover({ cwd, env }: Context, isJson: boolean): void {
  const sources = sourcesNearBy(cwd(), env);
  const findings = withUnread(candidatesOf(sources), sources);
  if (isJson)
    printJson({
      ...importReport(findings.candidates, findings, new Map()),
      files: sources.map(({ path }) => path),
    });
  if (sources.length === 0) {
    say('found no keys of X in the usual places');
    hint('name the file that holds them: twvault import FILE');
    return;
  }
  if (!isJson) print(listing(findings.candidates, findings));
  say('nothing was imported yet');
  hint(`take them over: twvault import ${sources.map(({ path }) => commandPath(path)).join(' ')}`);
}

/** The files in the usual places that hold keys of X, with what was read of them. */
export function sourcesNearBy(folder: string, env: Variables): Reading[] {
  return usualPlaces(folder, env.HOME || homedir())
    .map((path) => nearPath(folder, path))
    .flatMap(readQuietly)
    .filter((source) => candidatesOf([source]).candidates.length > 0);
}

/** The shorter way to write a path: below the folder as it is from there, else from the root. */
function nearPath(folder: string, path: string): string {
  const near = relative(folder, path);
  return near.length < path.length ? near : path;
}

/** What is in the usual places without being readable as keys is nobody's concern here. */
function readQuietly(path: string): Reading[] {
  try {
    return [sourceFrom(path)];
  } catch (error) {
    if (error instanceof Failure) return [];
    throw error;
  }
}
