import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Format } from '../../src/intake/assignment.ts';
import { candidatesOf } from '../../src/intake/candidates.ts';
import { understand } from '../../src/intake/formats.ts';
import { namesIn } from '../../src/profile/preset.ts';
import { type Chains, environmentUnder, proposedChains } from '../../src/scrub/account.ts';
import { type ScrubReport, scrubFiles } from '../../src/scrub/scrub.ts';
import type { Keys } from '../support/credentials.ts';

export type Scrubbed = Awaited<ReturnType<typeof scrubbed>>;

/** Scrubs one file in a folder of its own, with what an import would have stored. */
export async function scrubbed(name: string, text: string, known?: Format) {
  const folder = mkdtempSync(join(tmpdir(), 'twvault-test-'));
  const path = join(folder, name);
  try {
    writeFileSync(path, text);
    const plain = text.replace(/^\ufeff/, '');
    const format = known ?? understand(path, plain).format;
    const findings = candidatesOf([{ path, assignments: format.read(plain) }]);
    let shown = '';
    const report: ScrubReport = await scrubFiles(
      [{ path, format }],
      findings,
      { chain: proposedChains(findings) },
      {
        env: { PATH: process.env.PATH },
        show: (diff) => {
          shown += diff;
        },
        confirm: async () => true,
      },
    );
    return {
      report,
      after: readFileSync(path, 'utf8'),
      shown,
      environment: await environmentOf(report, proposedChains(findings)),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What `twvault exec` would hand over. */
function environmentOf({ projects: [project] }: ScrubReport, chains: Chains) {
  if (!project) return {};
  const { profile, preset, env } = project;
  const byField = namesIn(preset) ?? new Map();
  return environmentUnder(profile, chains, { byField, env }, { PATH: process.env.PATH });
}

/** The file was scrubbed, and neither it nor what was shown holds a value in any form. */
export function expectClean({ report, after, shown }: Scrubbed, keys: Keys): void {
  expect(report.files.map(({ failure }) => failure?.message)).toEqual([undefined]);
  expect(report.files[0]).toMatchObject({ state: 'scrubbed', remains: [] });
  for (const value of Object.values(keys)) {
    for (const form of [value, Buffer.from(value).toString('base64'), [...value].reverse().join('')]) {
      expect(after).not.toContain(form);
      expect(shown).not.toContain(form);
    }
  }
}
