import { accessSync, closeSync, constants, existsSync, openSync, readSync, statSync } from 'node:fs';

const HEAD = 4096;
const ELF_MAGIC = 0x7f454c46;
/** e_ident: 64 bits, little endian. */
const ELF_CLASS_DATA = 0x0201;
/** e_machine of the architectures that Node is built for here. */
const MACHINES: Partial<Record<NodeJS.Architecture, number>> = { x64: 0x3e, arm64: 0xb7, riscv64: 0xf3 };
const PT_INTERP = 3;
const MACH_O = new Set([0xcffaedfe, 0xcafebabe]);

/**
 * Whether the kernel will surely load a file: a program of this machine whose loader is there, or a script whose
 * interpreter is such a program. "No" only means "not sure".
 */
export function isLoadable(path: string, depth = 0): boolean {
  const head = firstBytes(path);
  const interpreter = /^#![ \t]*(\/[^ \t\n]+)[^\n]*\n/.exec(head.subarray(0, 256).toString('latin1'))?.[1];
  if (interpreter !== undefined)
    return depth < 2 && isExecutable(interpreter) && isLoadable(interpreter, depth + 1);
  if (process.platform === 'darwin') return head.length > 4 && MACH_O.has(head.readUInt32BE(0));
  return isElfForThisMachine(head);
}

/** What a script's first line says is to run it, where that is not there: `/bin/sh\r` of a file from Windows, say. */
export function missingInterpreter(path: string): string | undefined {
  const line = firstBytes(path).toString('latin1', 0, 256).split('\n', 1)[0] ?? '';
  const interpreter = /^#![ \t]*(\/[^ \t]+)/.exec(line)?.[1];
  return interpreter !== undefined && !existsSync(interpreter) ? interpreter : undefined;
}

/** ELF-64 header and program headers, as in elf(5). */
function isElfForThisMachine(head: Buffer): boolean {
  if (head.length < 64 || head.readUInt32BE(0) !== ELF_MAGIC) return false;
  if (head.readUInt16BE(4) !== ELF_CLASS_DATA) return false;
  if (head.readUInt16LE(18) !== MACHINES[process.arch]) return false;
  const [start, size, count] = [
    Number(head.readBigUInt64LE(32)),
    head.readUInt16LE(54),
    head.readUInt16LE(56),
  ];
  if (size < 56 || start + size * count > head.length) return false;
  for (let at = start; at < start + size * count; at += size) {
    if (head.readUInt32LE(at) === PT_INTERP) return isExecutable(textAt(head, at));
  }
  return true; // statically linked
}

function textAt(head: Buffer, programHeader: number): string {
  const offset = Number(head.readBigUInt64LE(programHeader + 8));
  const length = Number(head.readBigUInt64LE(programHeader + 32));
  return offset + length > head.length ? '' : head.toString('latin1', offset, offset + length - 1);
}

function firstBytes(path: string): Buffer {
  try {
    const fd = openSync(path, 'r');
    try {
      const buffer = Buffer.alloc(HEAD);
      return buffer.subarray(0, readSync(fd, buffer));
    } finally {
      closeSync(fd);
    }
  } catch {
    return Buffer.alloc(0); // unreadable programs may still run: spawn will find out
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
