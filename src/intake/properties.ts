import type { Format } from './assignment.ts';
export const properties: Format = { name: 'properties', kind: 'data', read: () => [] };
