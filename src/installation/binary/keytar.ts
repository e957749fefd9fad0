import type * as npm from '../npm/keytar.ts';

/** A static path, since that is what the bundler can follow. What keytar's own JavaScript adds is not needed here. */
export const loadKeytar: typeof npm.loadKeytar = async () => (await import('virtual:keytar')).default;
