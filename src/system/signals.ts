import { Failure } from '../failure.ts';

/** Signals that end a process, and what is added to 128 for its exit code then. */
export const ENDING = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 } as const;

type Ending = keyof typeof ENDING;

const HELD = Object.keys(ENDING) as Ending[];

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

/**
 * Runs work that may be cut off between any two steps. A signal ends it with a Failure, so that the program can say where
 * things are, and gives its locks back. A question that stands ends by itself.
 * @param left says where things are at that moment
 */
export async function interruptible<T>(left: () => string, work: () => Promise<T>): Promise<T> {
  const handlers: [Ending, () => void][] = [];
  const interrupted = new Promise<never>((_, reject) => {
    for (const signal of HELD) {
      const stop = () => {
        if (process.listenerCount(signal) > 0) return;
        reject(new Failure(128 + ENDING[signal], `interrupted: ${left()}`));
      };
      process.once(signal, stop);
      handlers.push([signal, stop]);
    }
  });
  try {
    return await Promise.race([work(), interrupted]);
  } finally {
    for (const [signal, stop] of handlers) process.off(signal, stop);
  }
}
