import { chmodSync, copyFileSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isLoadable } from '../../src/run/loadable.ts';
import { locate } from '../../src/run/locate.ts';
import { temporaryFolder } from '../support/cli.ts';

function script(path: string, text: string, mode = 0o755): string {
  writeFileSync(path, text);
  chmodSync(path, mode);
  return path;
}

describe('finding a command', () => {
  it('goes along PATH and takes the first that can be run', () => {
    const folder = temporaryFolder();
    for (const name of ['a', 'b', 'c']) mkdirSync(join(folder, name));
    mkdirSync(join(folder, 'a', 'tool'));
    script(join(folder, 'b', 'tool'), 'x', 0o644);
    const good = script(join(folder, 'c', 'tool'), '#!/bin/sh\n');
    const path = ['a', 'b', 'c'].map((name) => join(folder, name)).join(':');
    expect(locate('tool', path, '/')).toBe(good);
  });

  it('gives 127 for what is not there and 126 for what cannot be run', () => {
    const folder = temporaryFolder();
    script(join(folder, 'plain'), 'x', 0o644);
    const codeOf = (command: string, path = folder) => {
      try {
        return locate(command, path, folder);
      } catch (error) {
        return (error as { exitCode: number }).exitCode;
      }
    };
    expect(codeOf('missing')).toBe(127);
    expect(codeOf('./missing')).toBe(127);
    expect(codeOf('')).toBe(127);
    expect(codeOf('./plain/x')).toBe(127);
    expect(codeOf('plain')).toBe(126);
    expect(codeOf('./')).toBe(126);
    expect(codeOf('/tmp')).toBe(126);
  });

  it('takes an empty element of PATH for the working folder', () => {
    const folder = temporaryFolder();
    const tool = script(join(folder, 'tool'), '#!/bin/sh\n');
    expect(locate('tool', '/nowhere:', folder)).toBe(tool);
  });
});

describe('what the kernel will surely load', () => {
  const folder = () => temporaryFolder();

  it('is a program of this machine, and a script with such an interpreter', () => {
    const at = folder();
    expect(isLoadable(process.execPath)).toBe(true);
    expect(isLoadable('/bin/sh')).toBe(true);
    expect(isLoadable(script(join(at, 'a'), '#!/bin/sh\nexit 0\n'))).toBe(true);
    expect(isLoadable(script(join(at, 'b'), '#! /usr/bin/env node\n'))).toBe(true);
    symlinkSync('/bin/sh', join(at, 'c'));
    expect(isLoadable(join(at, 'c'))).toBe(true);
  });

  it('is not a text, a script without its interpreter, a circle, or half a program', () => {
    const at = folder();
    expect(isLoadable(script(join(at, 'text'), 'echo hello\n'))).toBe(false);
    expect(isLoadable(script(join(at, 'empty'), ''))).toBe(false);
    expect(isLoadable(script(join(at, 'gone'), '#!/no/such/interpreter\n'))).toBe(false);
    expect(isLoadable(script(join(at, 'crlf'), '#!/bin/sh\r\n'))).toBe(false);
    expect(isLoadable(script(join(at, 'self'), `#!${join(at, 'self')}\n`))).toBe(false);
    expect(isLoadable(join(at, 'absent'))).toBe(false);
  });

  it('is not a program of another machine, or one whose loader is missing', () => {
    const at = folder();
    const other = join(at, 'other');
    copyFileSync('/bin/true', other);
    expect(isLoadable(other)).toBe(true);
    patch(other, (bytes) => bytes.writeUInt16LE(0x15, 18));
    expect(isLoadable(other)).toBe(false);
    const orphan = join(at, 'orphan');
    copyFileSync('/bin/true', orphan);
    patch(orphan, (bytes) => bytes.write('/XXX', bytes.indexOf('/lib')));
    expect(isLoadable(orphan)).toBe(false);
  });
});

function patch(path: string, change: (bytes: Buffer) => void): void {
  const bytes = readFileSync(path);
  change(bytes);
  writeFileSync(path, bytes);
}
