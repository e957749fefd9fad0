import { FILE_HEADERS_ONLY, formatPatch, structuredPatch } from 'diff';
import type { Assignment, Span } from '../intake/assignment.ts';
import { printable } from '../profile/names.ts';
import { Secret } from '../profile/secret.ts';
import { isUnguessable, looksLikeCredential } from '../profile/shape.ts';
import { type Edit, inOrder } from './edit.ts';
import type { Subject } from './plan.ts';

/**
 * What would change, as a unified diff. No value of the file is in it: each shows as its length. Lines that stay are
 * left out, since anything may be in them.
 */
export function maskedDiff(subject: Subject, edits: readonly Edit[]): string {
  const { source, format, assignments } = subject;
  const { text } = source;
  const mask = maskOf(subject);
  const show = (span: Span): string => masked(text, span, assignments, mask);
  let [before, after] = ['', ''];
  let at = 0;
  for (const edit of inOrder(edits)) {
    const kept = show({ start: at, end: edit.start });
    before += kept + show(edit);
    // What is put in a data file is its own: brackets, comments.
    after += kept + (format.kind === 'data' ? mask(edit.text) : edit.text);
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
function masked(text: string, { start, end }: Span, assignments: readonly Assignment[], mask: Mask): string {
  const values = assignments
    .filter(({ value }) => value.start < end && value.end > start)
    .sort((one, other) => one.value.start - other.value.start);
  let result = '';
  let at = start;
  for (const { value, secret } of values) {
    if (value.start < at) continue;
    result += mask(text.slice(at, value.start)) + size(secret.length);
    at = value.end;
  }
  return result + mask(text.slice(at, Math.max(at, end)));
}

const size = (length: number): string => `[${length} characters]`;

type Mask = (text: string) => string;

/** Masks words that may be secrets. The file's own names show, unless a key of X stands as one. */
function maskOf({ assignments, moves }: Subject): Mask {
  const names = new Set(assignments.map(({ name }) => name).filter((name) => !looksLikeCredential(name)));
  const isMoved = (word: string): boolean =>
    moves.some(({ assignment }) => assignment.secret.equals(new Secret(word)));
  const isShown = (word: string): boolean => !isMoved(word) && (names.has(word) || !mayBeSecret(word));
  return (text) =>
    text.replace(/[A-Za-z0-9_+/=%.~-]{16,}/g, (word) => (isShown(word) ? word : size(word.length)));
}

function mayBeSecret(token: string): boolean {
  if (looksLikeCredential(token)) return true;
  const isMixed = /[a-z]/.test(token) && /[A-Z]/.test(token);
  const hasLongRun = (token.match(/[A-Za-z0-9]{16,}/g) ?? []).some(isUnguessable);
  return hasLongRun || (isMixed && isUnguessable(token));
}
