import { candidatesOf } from '../../intake/candidates.ts';
import type { Context } from '../context.ts';
import { hint, print, printJson, say } from '../voice.ts';
import { sourcesNearBy } from './near-by.ts';
import { commandPath, importReport, listing } from './report.ts';
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
