import { Command } from 'commander';
import type { Context } from '../context.ts';

export function command(_context: Context): Command {
  return new Command('import').description('take over keys that lie in files');
}
