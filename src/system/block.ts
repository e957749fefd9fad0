/** Notes in the opening line, so that taking the block out gives back the very bytes that were there. */
const NO_LINE_END = ' (the line above had no end)';
const NEW_FILE = ' (the file was made for it)';

/** A place in a text, at the beginning of a line or at the end of the text, and what stands before every line there. */
export interface Place {
  /** In UTF-16 units. */
  readonly at: number;
  readonly indent: string;
}

export interface Rest {
  readonly text: string;
  /** The file was made for the block and holds nothing else: it should go. */
  readonly isNew: boolean;
}

/** A part of ours in a file that others own: whole lines between two comments, as sh, YAML and PowerShell have them. */
export class Block {
  readonly #opening: string;
  readonly #closing: string;

  /** @param name what tells it from other blocks of ours */
  constructor(name: string) {
    this.#opening = `# >>> twvault ${name}`;
    this.#closing = `# <<< twvault ${name}`;
  }

  /** Whether a text has one. */
  isIn(text: string): boolean {
    return text.includes(this.#opening);
  }

  /** The text with these lines put in as a block. */
  putInto(text: string, { at, indent }: Place, lines: readonly string[]): string {
    const end = text.includes('\r\n') ? '\r\n' : '\n';
    const lacksEnd = at === text.length && text !== '' && !text.endsWith('\n');
    const note = text === '' ? NEW_FILE : lacksEnd ? NO_LINE_END : '';
    const whole = [this.#opening + note, ...lines, this.#closing];
    const block = whole.map((line) => `${indent}${line}${end}`).join('');
    return text.slice(0, at) + (lacksEnd ? end : '') + block + text.slice(at);
  }

  /**
   * The text without its block, byte for byte what it was before; null where it has none.
   * @param instead lines that take the block's place
   */
  takeOutOf(text: string, instead: readonly string[] = []): Rest | null {
    const lines = text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
    const first = lines.findIndex((line) => line.trim().startsWith(this.#opening));
    const last = lines.findIndex((line, at) => at > first && line.trim() === this.#closing);
    if (first === -1 || last === -1) return null;
    const opening = (lines[first] as string).trim();
    const before = lines.slice(0, first).join('');
    const after = instead.map((line) => `${line}\n`).join('') + lines.slice(last + 1).join('');
    const lackedEnd = opening.endsWith(NO_LINE_END) && after === '';
    const rest = lackedEnd ? before.replace(/\r?\n$/, '') : before + after;
    return { text: rest, isNew: opening.endsWith(NEW_FILE) && rest === '' };
  }
}
