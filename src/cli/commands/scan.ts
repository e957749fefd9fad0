import { Command } from 'commander';
import type { Context } from '../context.ts';

export function command(_context: Context): Command {
  return new Command('scan').description('look for leaked credentials');
}
