import type { Finding, Scanner } from './finding.ts';

/**
 * Findings with paths that show no value of the vault: a file or a folder may have been called by one, and reports and
 * baselines are kept.
 * @param scanner for stored values
 */
export function withSafePaths(findings: readonly Finding[], scanner: Scanner): Finding[] {
  const safe = new Map<string, string>();
  for (const { path } of findings) if (!safe.has(path)) safe.set(path, withoutValues(path, scanner));
  return findings.map((finding) => ({ ...finding, path: safe.get(finding.path) ?? finding.path }));
}

function withoutValues(path: string, scanner: Scanner): string {
  const bytes = Buffer.from(path);
  const parts: Buffer[] = [];
  let from = 0;
  for (const { offset, length, profile, field } of scanner.scan(bytes, 'text')) {
    parts.push(bytes.subarray(from, offset), Buffer.from(`[${profile}/${field}]`));
    from = offset + length;
  }
  return Buffer.concat([...parts, bytes.subarray(from)]).toString();
}
