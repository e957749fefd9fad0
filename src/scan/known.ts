import { readConfig } from '../vault/config.ts';
import { ProfileIndex } from '../vault/profile-index.ts';
import type { ScannerInput } from './scanner.ts';

/**
 * The fingerprints of every value in the vault of a home, without unlocking anything; none where there is no vault.
 * @throws Failure exit 1 where its configuration or index is damaged
 */
export function knownValues(home: string): ScannerInput {
  const key = readConfig(home)?.fingerprintKey;
  if (key === undefined) return { fingerprints: [] };
  const index = new ProfileIndex(home);
  const fingerprints = index.names().flatMap((profile) => {
    const entries = index.read(profile)?.fingerprints ?? new Map<string, string>();
    return [...entries].map(([field, text]) => ({ profile, field, text }));
  });
  return { fingerprints, key: Buffer.from(key, 'base64') };
}
