const HELD: readonly NodeJS.Signals[] = ['SIGTERM', 'SIGINT', 'SIGHUP'];

export interface HeldSignals {
  /** The signals that came so far. */
  held(): readonly NodeJS.Signals[];
  /** Lets signals through again; what came meanwhile takes effect now. */
  release(): void;
}

/**
 * Keeps signals that would end the process waiting while something must not be cut off. Where the program handles a
 * signal itself, its own handlers run as ever, and nothing is sent again.
 */
export function holdSignals(): HeldSignals {
  const came = new Set<NodeJS.Signals>();
  const ours = HELD.filter((signal) => process.platform !== 'win32' || signal !== 'SIGHUP').filter(
    (signal) => process.listenerCount(signal) === 0,
  );
  const note = (signal: NodeJS.Signals) => came.add(signal);
  for (const signal of ours) process.on(signal, note);
  return {
    held: () => [...came],
    release: () => {
      for (const signal of ours) process.off(signal, note);
      for (const signal of came) process.kill(process.pid, signal);
    },
  };
}
