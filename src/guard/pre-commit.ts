import type { Guard } from './guard.ts';
import { SHARED_COMMAND } from './hook-text.ts';
import { sharedFile } from './shared-file.ts';
import { yamlPlace } from './yaml-place.ts';

export const PRE_COMMIT_FILE = '.pre-commit-config.yaml';

/** A local hook in the configuration of the pre-commit framework. */
export function preCommitGuard(file: string, own: readonly string[]): Guard {
  return sharedFile({
    kind: 'pre-commit',
    file,
    own,
    insertion: (text) => {
      const place = yamlPlace(text, ['repos']);
      return place?.depth === 1 && place.isList ? { place, lines: ENTRY } : null;
    },
    byHand: "a local hook with the entry 'twvault scan --staged' and pass_filenames: false",
    after: `pre-commit reads the committed ${PRE_COMMIT_FILE}: git add ${PRE_COMMIT_FILE}, and commit it`,
  });
}

const ENTRY = [
  '- repo: local',
  '  hooks:',
  '    - id: twvault',
  '      name: twvault (credentials of X)',
  '      language: system',
  '      entry: >-',
  `        sh -c '${SHARED_COMMAND}'`,
  '      pass_filenames: false',
  '      always_run: true',
];
