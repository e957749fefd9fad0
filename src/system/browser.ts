import { spawn } from 'node:child_process';
import type { Variables } from './paths.ts';
import { programNamed } from './program.ts';

/** What opens an address in the person's browser, without a shell that could read anything into it. */
const OPENERS: Partial<Record<NodeJS.Platform, readonly string[]>> = {
  darwin: ['open'],
  win32: ['rundll32', 'url.dll,FileProtocolHandler'],
};

/**
 * Opens an address in the person's browser where there is one. It may fail silently: whoever calls this has shown the
 * address too. The browser outlives twvault and gets none of its variables.
 */
export function openInBrowser(url: string, env: Variables): void {
  const [name = 'xdg-open', ...args] = OPENERS[process.platform] ?? ['xdg-open'];
  // Without a display xdg-open would look for a text browser and give it a terminal that we need.
  if (name === 'xdg-open' && !env.DISPLAY && !env.WAYLAND_DISPLAY) return;
  const file = programNamed(name, env);
  if (file === undefined) return;
  const own = Object.entries(env).filter(([name]) => !/^TWVAULT_/i.test(name));
  const options = { env: Object.fromEntries(own), stdio: 'ignore', detached: true } as const;
  const child = spawn(file, [...args, url], options);
  child.on('error', () => {});
  child.unref();
}
