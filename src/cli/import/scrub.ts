import type { Candidate, Findings } from '../../intake/candidates.ts';
import type { Reading } from '../../intake/read.ts';
import { type ScrubReport, scrubFiles } from '../../scrub/scrub.ts';
import { summaryOf } from '../../scrub/summary.ts';
import type { Context } from '../context.ts';
import { hint, print, say, warn } from '../voice.ts';
import { shown } from './report.ts';

/** How the person wants it: as `import` was told. */
interface Manner {
  readonly isDryRun: boolean;
  readonly isAsking: boolean;
  /** Standard output is for the JSON report. */
  readonly isJson: boolean;
}

/** A vault as the proof needs it. */
type Vault = Parameters<typeof scrubFiles>[2];

/**
 * Takes what was imported out of its files: shows the change, asks, and says what became of each file.
 * @param candidates what was stored, under the names that it was stored in
 * @throws Failure where a file cannot be written
 */
export async function scrubImported(
  readings: readonly Reading[],
  candidates: readonly Candidate[],
  vault: Vault,
  { env }: Context,
  { isDryRun, isAsking, isJson }: Manner,
): Promise<ScrubReport> {
  const findings: Findings = { candidates, leftAlone: [], refused: [] };
  const report = await scrubFiles(readings, findings, vault, {
    env,
    isDryRun,
    show: (diff) => (isJson ? undefined : print(diff)),
    confirm: async (question) => !isAsking || agreed(question),
  });
  const tell = { say, warn, hint };
  for (const { kind, text } of summaryOf(report)) tell[kind](text);
  return report;
}

async function agreed(question: string): Promise<boolean> {
  const { askConfirmation } = await import('../prompt.ts');
  try {
    return await askConfirmation(question);
  } catch (error) {
    warn('the keys are stored, and still in plaintext in their files');
    throw error;
  }
}

/** The report as JSON: what became of each file, and which commits hold its values. */
export function scrubJson({ files, projects, histories }: ScrubReport): object {
  return {
    files: files.map(({ path, state, failure, remains }) => ({
      path: shown(path),
      state,
      ...(failure ? { reason: failure.message } : {}),
      remains,
    })),
    projects: projects.map(({ env, ...project }) => ({ ...project, env: Object.fromEntries(env) })),
    histories,
  };
}
