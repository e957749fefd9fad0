// Text as man(7) of roff has it.

/** Text that means itself. Hyphens as they are typed, so that what is copied out of a page runs. */
export function plain(text: string): string {
  const escaped = text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll("'", '\\(aq')
    .replaceAll('`', '\\(ga')
    .replaceAll('^', '\\(ha')
    .replaceAll('~', '\\(ti');
  return escaped.replace(/^\./gm, '\\&.');
}

export const bold = (text: string): string => `\\fB${plain(text)}\\fR`;
const italic = (text: string): string => `\\fI${plain(text)}\\fR`;

/** A line of usage: what is typed as it is in bold, what stands for something in italics. */
export function usage(text: string): string {
  const words = text.split(/(<[^>]+>|\[[^\]]+\]|\b[A-Z][A-Z0-9]+\b)/);
  return words.map((word, index) => (index % 2 === 0 ? boldWords(word) : italic(word))).join('');
}

const boldWords = (text: string): string =>
  text.replace(/^(\s*)(.*?)(\s*)$/s, (_, before, word, after) => before + (word && bold(word)) + after);

export const section = (title: string, lines: readonly string[]): string[] =>
  lines.length === 0 ? [] : [`.SH "${title}"`, ...withoutLeadingBreak(lines)];

export const subsection = (title: string, lines: readonly string[]): string[] => [
  `.SS "${plain(title)}"`,
  ...withoutLeadingBreak(lines),
];

/** A paragraph needs no break right after a heading. */
const withoutLeadingBreak = (lines: readonly string[]): readonly string[] =>
  lines[0] === '.PP' ? lines.slice(1) : lines;

/** A term and what there is to say of it. */
export const item = (term: string, about: string): string[] => ['.TP', term, plain(about)];

/** Lines that stay as they are. */
const literal = (lines: readonly string[]): string[] => [
  '.PP',
  '.nf',
  ...lines.map((line) => plain(line.replace(/^ {2}/, ''))),
  '.fi',
];

/** The text of a help: paragraphs, and lines that are set off by blanks in front. */
export function prose(text: string): string[] {
  const trimmed = text.replace(/^\n+|\s+$/g, '');
  const blocks = trimmed === '' ? [] : trimmed.split(/\n{2,}/).flatMap(runs);
  return blocks.flatMap(({ isLiteral, lines }) =>
    isLiteral ? literal(lines) : ['.PP', ...lines.map((line) => plain(line.trim()))],
  );
}

interface Run {
  readonly isLiteral: boolean;
  readonly lines: string[];
}

/** Lines that follow each other and are of one kind. */
function runs(block: string): Run[] {
  const found: Run[] = [];
  for (const line of block.split('\n')) {
    const isLiteral = line.startsWith('  ');
    const last = found.at(-1);
    if (last?.isLiteral === isLiteral) last.lines.push(line);
    else found.push({ isLiteral, lines: [line] });
  }
  return found;
}
