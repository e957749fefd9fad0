import { describe, expect, it } from 'vitest';
import { understand } from '../../src/intake/formats.ts';

describe('a file is read by its name', () => {
  it.each([
    ['.env', 'dotenv'],
    ['env', 'dotenv'],
    ['.env.local', 'dotenv'],
    ['env.example', 'dotenv'],
    ['bot.env', 'dotenv'],
    ['env.js', 'JavaScript'],
    ['src/env.ts', 'JavaScript'],
    ['env.py', 'Python'],
    ['.env.json', 'JSON'],
    ['env.sh', 'shell'],
    ['.envrc', 'shell'],
  ])('%s is %s', (path, name) => {
    expect(understand(path, name === 'JSON' ? '{}' : '').format.name).toBe(name);
  });
});
