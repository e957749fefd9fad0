import { failed } from '../failure.ts';
import type { Edit } from './edit.ts';
import { type Move, nameOf } from './moves.ts';
import { spaced } from './spacing.ts';

/**
 * The edits that make Python text read its values from the environment: `os.environ["NAME"]` for each, and the import
 * where it is missing.
 * @throws Failure exit 1 where a value is bytes: a variable is text
 */
export function pythonEdits(path: string, text: string, names: ReadonlyMap<Move, string>): Edit[] {
  for (const move of names.keys()) checkText(path, text, move);
  const code = blanked(text);
  const first = Math.min(...[...names.keys()].map(({ assignment }) => assignment.value.start));
  const isIndented = [...names.keys()].some(({ assignment }) => isInBlock(text, assignment.value.start));
  const module = moduleName(code, isIndented);
  const edits = [...names].map(([move, name]) =>
    spaced(text, move.assignment.value, `${module}.environ["${name}"]`, [move]),
  );
  if (module === 'os' && importsOs(code.slice(0, first))) return edits;
  return [importEdit(text, code, first, module === 'os' ? 'import os' : `import os as ${module}`), ...edits];
}

/** A literal of bytes, or several; what makes text of them ends with a bracket. */
const BYTES = /^(?:b|br|rb)["'][\s\S]*["']$/i;

function checkText(path: string, text: string, { assignment }: Move): void {
  const { value, line } = assignment;
  if (!BYTES.test(text.slice(value.start, value.end))) return;
  throw failed(
    `${path} was left as it is: line ${line}: ${nameOf(assignment)} is bytes, and a variable is text`,
    ['write it as b"...".decode() or as "...".encode() first'],
  );
}

/** The text with the insides of strings and comments blanked, so that what remains is code. Same length. */
function blanked(text: string): string {
  const token =
    /#[^\r\n]*|("""|''')(?:\\[\s\S]|(?!\1)[\s\S])*\1|"(?:\\[\s\S]|[^"\\\r\n])*"|'(?:\\[\s\S]|[^'\\\r\n])*'/g;
  return text.replace(token, (found) => found.replace(/[^\r\n]/g, (_, at) => (at === 0 ? '#' : ' ')));
}

/** A name for the module that nothing else in the file binds. */
function moduleName(code: string, isIndented: boolean): string {
  const isHidden = isIndented && /^[ \t]+import\b[^\r\n;]*\bos\b/m.test(code);
  if (!isRebound(code) && !isHidden) return 'os';
  return ['_os', '_os_module'].find((name) => !new RegExp(`\\b${name}\\b`).test(code)) ?? 'os_of_twvault';
}

const REBINDING = [
  /\bos\s*(?::[^=\r\n]*)?=(?!=)/, // an assignment, an annotation, a default; a keyword argument too, at no harm
  /\bos\s*:=/,
  /\bas\s+os\b/,
  /\bfrom\s+\S+\s+import\b[^\r\n]*\bos\b/,
  /\b(?:def|class|for|global|nonlocal|del|except)\s+os\b/,
  /\b(?:def\s+\w+\s*\([^)]*|lambda\b[^:]*)\bos\b/,
  /\bos\s*,[^\r\n]*=(?!=)|,\s*os\b[^\r\n]*=(?!=)/,
];

function isRebound(code: string): boolean {
  return REBINDING.some((pattern) => pattern.test(code));
}

/** Whether the module has a plain `import os` of its own. */
function importsOs(code: string): boolean {
  return [...code.matchAll(/^import[ \t]+([^\r\n;]*)/gm)].some(([, list = '']) =>
    list.split(',').some((item) => /^os(\.\w+)*$/.test(item.replace(/#.*/, '').trim())),
  );
}

function isInBlock(text: string, at: number): boolean {
  const start = Math.max(text.lastIndexOf('\n', at - 1), text.lastIndexOf('\r', at - 1)) + 1;
  return /^[ \t]/.test(text.slice(start));
}

function importEdit(text: string, code: string, first: number, statement: string): Edit {
  const at = placeOfImport(text, code, first);
  const lineEnd = /\r\n|\n|\r/.exec(text)?.[0] ?? '\n';
  const isAmongImports = /^(?:import|from)\b/.test(code.slice(at));
  const isBeforeBlank = /^[ \t]*(?:\r|\n|$)/.test(text.slice(at));
  const gap = isAmongImports || isBeforeBlank ? '' : lineEnd;
  return { start: at, end: at, text: statement + lineEnd + gap, moves: [] };
}

/** Above the first import of the module; without one below what Python or a shell wants to see first. */
function placeOfImport(text: string, code: string, first: number): number {
  const head = headEnd(text);
  const imports = /^(?:import|from)\b/gm;
  imports.lastIndex = head;
  const found = imports.exec(code);
  return found && found.index <= first ? found.index : head;
}

const SHEBANG = /(?:#![^\r\n]*(?:\r\n|\n|\r|$))?/y;
const ENCODING = /(?:[ \t\f]*#[^\r\n]*coding[:=][^\r\n]*(?:\r\n|\n|\r|$))?/y;
const BLANK_LINES = /(?:[ \t\f]*(?:#[^\r\n]*)?(?:\r\n|\n|\r))*/y;
const DOCSTRING =
  /[rRuU]?(?:("""|''')(?:\\[\s\S]|(?!\1)[\s\S])*\1|"(?:\\[\s\S]|[^"\\\r\n])+"|'(?:\\[\s\S]|[^'\\\r\n])+')/y;
const FUTURE = /from[ \t]+__future__[ \t]+import\b(?:[ \t]*\([^)]*\)|(?:[^\r\n\\;#]|\\(?:\r\n|\n|\r))*)/y;
const LINE_REST = /[ \t]*(?:#[^\r\n]*)?(?:\r\n|\n|\r|$)/y;

/** The end of shebang and encoding lines, the docstring and imports from __future__. */
function headEnd(text: string): number {
  const comments = endOf(ENCODING, text, endOf(SHEBANG, text, 0) ?? 0) ?? 0;
  let at = statementEnd(DOCSTRING, text, comments) ?? comments;
  for (let next: number | undefined = at; next !== undefined; next = statementEnd(FUTURE, text, at))
    at = next;
  return at;
}

function statementEnd(statement: RegExp, text: string, at: number): number | undefined {
  const end = endOf(statement, text, endOf(BLANK_LINES, text, at) ?? at);
  return end === undefined ? undefined : endOf(LINE_REST, text, end);
}

function endOf(pattern: RegExp, text: string, at: number): number | undefined {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : undefined;
}
