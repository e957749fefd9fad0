import type { Span } from '../intake/assignment.ts';
import type { Edit } from './edit.ts';
import type { Move } from './moves.ts';

/** An edit whose text stays apart from the words around it: `return"key"` becomes `return os...`, not `returnos...`. */
export function spaced(text: string, { start, end }: Span, expression: string, moves: readonly Move[]): Edit {
  const before = /[\w$\u0080-\uffff]/.test(text[start - 1] ?? '') ? ' ' : '';
  const isWord = /[\w$]$/.test(expression);
  const after = isWord && /[\w$\u0080-\uffff]/.test(text[end] ?? '') ? ' ' : '';
  return { start, end, text: before + expression + after, moves };
}
