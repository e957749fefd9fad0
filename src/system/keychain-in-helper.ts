import { type ChildProcess, spawn } from 'node:child_process';
import { helperCommand } from '#installation/process';
import type { Asked, KeychainAnswer, KeychainCall } from './keychain-call.ts';

/** Has a process of its own perform a call: one that blocks or crashes takes nothing else with it. */
export function callInHelper(call: KeychainCall): Asked {
  const [file, ...args] = helperCommand('keychain-helper');
  const child = spawn(file, args, { stdio: ['pipe', 'pipe', 'ignore'] });
  child.stdin.on('error', () => {});
  child.stdin.end(JSON.stringify(call));
  return { answer: answerOf(child), abandon: () => child.kill('SIGKILL') };
}

function answerOf(child: ChildProcess): Promise<KeychainAnswer> {
  const chunks: Buffer[] = [];
  child.stdout?.on('data', (chunk: Buffer) => chunks.push(chunk));
  return new Promise((resolve) => {
    child.on('error', () => resolve({ error: 'its helper process could not be started' }));
    child.on('close', (_, signal) => {
      if (signal) resolve({ error: `its library crashed (${signal})` });
      else resolve(parseAnswer(Buffer.concat(chunks).toString('utf8')));
    });
  });
}

function parseAnswer(text: string): KeychainAnswer {
  try {
    return JSON.parse(text) as KeychainAnswer;
  } catch {
    return { error: 'its helper process gave no answer' };
  }
}
