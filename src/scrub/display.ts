import { FILE_HEADERS_ONLY, formatPatch, structuredPatch } from 'diff';
import type { Assignment, Span } from '../intake/assignment.ts';
import { printable } from '../profile/names.ts';
import { isUnguessable, looksLikeCredential } from '../profile/shape.ts';
import { type Edit, inOrder } from './edit.ts';
import type { Subject } from './plan.ts';

/**
 * What would change, as a unified diff. No value of the file is in it: each shows as its length. Lines that stay are
 * left out, since anything may be in them.
 */
export function maskedDiff({ source, format, assignments }: Subject, edits: readonly Edit[]): string {
  const { text } = source;
  const show = (span: Span): string => masked(text, span, assignments);
  let [before, after] = ['', ''];
  let at = 0;
  for (const edit of inOrder(edits)) {
    const kept = show({ start: at, end: edit.start });
    before += kept + show(edit);
    // What is put in a data file is its own: brackets, comments.
    after += kept + (format.kind === 'data' ? maskedTokens(edit.text, new Set()) : edit.text);
    at = edit.end;
  }
  const rest = show({ start: at, end: text.length });
  const path = printable(source.path.split(/[\\/]/).at(-1) ?? source.path);
  const patch = structuredPatch(path, path, lines(before + rest), lines(after + rest), undefined, undefined, {
    context: 0,
  });
  return formatPatch(patch, FILE_HEADERS_ONLY);
}

/** For a terminal: line ends as the diff expects them, and nothing that would steer it. */
function lines(text: string): string {
  return text.replace(/\r\n?/g, '\n').replace(/[^\P{Cc}\n\t]|[\p{Cf}\p{Zl}\p{Zp}]/gu, '?');
}

/** A stretch of the text with every value that it assigns, and all else that may be one, replaced by its length. */
function masked(text: string, { start, end }: Span, assignments: readonly Assignment[]): string {
  const names = plainNames(assignments);
  const values = assignments
    .filter(({ value }) => value.start < end && value.end > start)
    .sort((one, other) => one.value.start - other.value.start);
  let result = '';
  let at = start;
  for (const { value, secret } of values) {
    if (value.start < at) continue;
    result += maskedTokens(text.slice(at, value.start), names) + size(secret.length);
    at = value.end;
  }
  return result + maskedTokens(text.slice(at, Math.max(at, end)), names);
}

/** Names that may show. Some files have a key of X as the name that a token goes by. */
function plainNames(assignments: readonly Assignment[]): Set<string> {
  const secrets = new Set(assignments.map(({ secret }) => secret.reveal()));
  const names = assignments.map(({ name }) => name);
  return new Set(names.filter((name) => !secrets.has(name) && !looksLikeCredential(name)));
}

const size = (length: number): string => `[${length} characters]`;

function maskedTokens(text: string, names: ReadonlySet<string>): string {
  return text.replace(/[A-Za-z0-9_+/=%.~-]{16,}/g, (token) =>
    !names.has(token) && mayBeSecret(token) ? size(token.length) : token,
  );
}

function mayBeSecret(token: string): boolean {
  if (looksLikeCredential(token)) return true;
  const isMixed = /[a-z]/.test(token) && /[A-Z]/.test(token);
  const hasLongRun = (token.match(/[A-Za-z0-9]{16,}/g) ?? []).some(isUnguessable);
  return hasLongRun || (isMixed && isUnguessable(token));
}
