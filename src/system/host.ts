import { existsSync, readFileSync } from 'node:fs';
import type { Variables } from './paths.ts';

/** Kinds of places that seldom have a keychain, in words. */
const CONTAINER = 'a container has no keychain of its own';
const WSL = 'WSL starts no keychain by itself';
const SSH = 'a login over SSH does not open the keychain of a desktop';

/** Why a keychain is not to be expected here, in words; undefined where one is. */
export function whyNoKeychain(env: Variables): string | undefined {
  if (env.container) return CONTAINER; // podman and systemd say so
  if (env.WSL_DISTRO_NAME || env.WSL_INTEROP) return WSL;
  if (env.SSH_CONNECTION || env.SSH_TTY) return SSH;
  if (['/.dockerenv', '/run/.containerenv'].some((path) => existsSync(path))) return CONTAINER;
  return /microsoft/i.test(kernel()) ? WSL : undefined;
}

function kernel(): string {
  try {
    return readFileSync('/proc/sys/kernel/osrelease', 'latin1');
  } catch {
    return '';
  }
}
