import type { Format } from './assignment.ts';
export const ini: Format = { name: 'ini', kind: 'data', read: () => [] };
