/** Where a part of ours begins and ends in a file that others own: whole lines, comments in sh and YAML alike. */
const OPENING = '# >>> twvault guard';
const CLOSING = '# <<< twvault guard';
/** Notes in the opening line, so that taking the block out gives back the very bytes that were there. */
const NO_LINE_END = ' (the line above had no end)';
const NEW_FILE = ' (the file was made for it)';

/** A place in a text, at the beginning of a line or at the end of the text, and what stands before every line there. */
export interface Place {
  /** In UTF-16 units. */
  readonly at: number;
  readonly indent: string;
}

/** Whether a text has a block of ours. */
export const hasBlock = (text: string): boolean => text.includes(OPENING);

/** The text with these lines put in as a block. */
export function withBlock(text: string, { at, indent }: Place, lines: readonly string[]): string {
  const end = text.includes('\r\n') ? '\r\n' : '\n';
  const lacksEnd = at === text.length && text !== '' && !text.endsWith('\n');
  const note = text === '' ? NEW_FILE : lacksEnd ? NO_LINE_END : '';
  const block = [OPENING + note, ...lines, CLOSING].map((line) => `${indent}${line}${end}`).join('');
  return text.slice(0, at) + (lacksEnd ? end : '') + block + text.slice(at);
}

export interface Rest {
  readonly text: string;
  /** The file was made for the block and holds nothing else: it should go. */
  readonly isNew: boolean;
}

/**
 * The text without its block, byte for byte what it was before; null where it has none.
 * @param instead lines that take the block's place
 */
export function withoutBlock(text: string, instead: readonly string[] = []): Rest | null {
  const lines = text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
  const first = lines.findIndex((line) => line.trim().startsWith(OPENING));
  const last = lines.findIndex((line, at) => at > first && line.trim() === CLOSING);
  if (first === -1 || last === -1) return null;
  const opening = (lines[first] as string).trim();
  let before = lines.slice(0, first).join('');
  if (opening.endsWith(NO_LINE_END)) before = before.replace(/\r?\n$/, '');
  const rest = before + instead.map((line) => `${line}\n`).join('') + lines.slice(last + 1).join('');
  return { text: rest, isNew: opening.endsWith(NEW_FILE) && rest === '' };
}
