import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Guard } from './guard.ts';
import { SHARED_COMMAND } from './hook-text.ts';
import { sharedFile } from './shared-file.ts';
import { yamlPlace } from './yaml-place.ts';

const NAMES = ['lefthook', '.lefthook', '.config/lefthook'];
const EXTENSIONS = ['yml', 'yaml', 'toml', 'json', 'jsonc'];

/** The project's configuration of lefthook, absolute. */
export function lefthookFile(top: string): string | undefined {
  const files = NAMES.flatMap((name) => EXTENSIONS.map((extension) => join(top, `${name}.${extension}`)));
  return files.find((file) => existsSync(file));
}

/** A command in lefthook's pre-commit. */
export function lefthookGuard(file: string, own: readonly string[]): Guard {
  return sharedFile({
    kind: 'lefthook',
    file,
    own,
    insertion: (text) => (/\.ya?ml$/.test(file) ? insertion(text) : null),
    byHand: "to pre-commit a command that runs 'twvault scan --staged'",
    after: `${file} belongs to the project: commit it, so that it guards everyone`,
  });
}

const COMMAND = ['twvault:', '  run: |', `    ${SHARED_COMMAND}`];
const JOB = ['- name: twvault', '  run: |', `    ${SHARED_COMMAND}`];

/** Under `commands`, or under the `jobs` of newer configurations. */
function insertion(text: string): ReturnType<Parameters<typeof sharedFile>[0]['insertion']> {
  const jobs = yamlPlace(text, ['pre-commit', 'jobs']);
  if (jobs?.depth === 2) return jobs.isList ? { place: jobs, lines: JOB } : null;
  const place = yamlPlace(text, ['pre-commit', 'commands']);
  if (!place || place.isList) return null;
  const missing = ['pre-commit:', 'commands:'].slice(place.depth);
  const lines = missing.map((line, step) => '  '.repeat(step) + line);
  return { place, lines: [...lines, ...COMMAND.map((line) => '  '.repeat(missing.length) + line)] };
}
