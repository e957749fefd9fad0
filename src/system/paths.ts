import { isAbsolute, join, resolve } from 'node:path';

export type Variables = Readonly<Record<string, string | undefined>>;

/**
 * The folder that holds the vault: TWVAULT_HOME, else the platform's place for application data.
 * XDG_DATA_HOME counts only where it is absolute (XDG Base Directory Specification).
 */
export function vaultHome(env: Variables, platform: NodeJS.Platform = process.platform): string {
  if (env.TWVAULT_HOME) return resolve(env.TWVAULT_HOME);
  const home = env.HOME || process.getBuiltinModule('node:os').homedir();
  if (platform === 'win32') return join(env.LOCALAPPDATA || join(home, 'AppData', 'Local'), 'twvault');
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'twvault');
  const data = env.XDG_DATA_HOME;
  return join(data && isAbsolute(data) ? data : join(home, '.local', 'share'), 'twvault');
}
