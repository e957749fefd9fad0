import { Command } from 'commander';
import type { Context } from '../context.ts';

export function command(_context: Context): Command {
  return new Command('export').description('write a profile in another format');
}
