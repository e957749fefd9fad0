import { EXIT } from '../../failure.ts';
import { columns } from '../columns.ts';
import type { Context } from '../context.ts';
import { onOneLine } from '../one-line.ts';
import { print, printJson } from '../voice.ts';
import { type NextStep, nextStep } from './next-step.ts';
import { lookAround, type Standing } from './standing.ts';

/** What `twvault` alone prints: where the user stands, and the one next step. */
export async function showStanding(context: Context, isJson: boolean): Promise<number> {
  const standing = await lookAround(context);
  const next = nextStep(standing);
  if (isJson) printJson({ ...standing, next });
  else print(textOf(standing, next));
  return EXIT.done;
}

function textOf(standing: Standing, { command, why }: NextStep): string {
  const rows = rowsOf(standing).map((row) => row.map(onOneLine));
  return `${columns(rows)}\nnext: ${command}\n      ${why}\n`;
}

const BECAUSE = {
  option: 'as asked for',
  TWVAULT_PROFILE: 'TWVAULT_PROFILE says so',
  project: '.twvault.json says so',
  default: 'the default',
  only: 'the only one',
} as const;

function rowsOf(standing: Standing): string[][] {
  const { home, store, profiles, here, plaintext, guard, troubles } = standing;
  const rows = troubles.map((text) => ['trouble', text]);
  if (store === null) {
    if (rows.length === 0) rows.push(['vault', 'none yet']);
  } else {
    rows.push(['vault', store === 'file' ? `encrypted files in ${home}` : "the operating system's keychain"]);
    rows.push(['profiles', profiles.join(', ') || 'none yet']);
  }
  if (profiles.length > 0)
    rows.push(['here', here ? `${here.profiles.join(', ')} (${BECAUSE[here.because]})` : 'none chosen']);
  rows.push(['plaintext', plaintextText(plaintext)]);
  if (guard) rows.push(['guard', guard === 'installed' ? 'checks commits' : 'not installed']);
  return rows;
}

function plaintextText({ here, inHome, isWhole }: Standing['plaintext']): string {
  const files = [...here, ...inHome].join(', ');
  if (isWhole) return files || 'none near by';
  return `${files || 'none found'}, but not every file was looked at: twvault scan`;
}
