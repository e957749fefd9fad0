import { pathToFileURL } from 'node:url';
import type { Finding } from './finding.ts';
import { ALL_RULES, describe } from './rules.ts';

const ROOT = '%SRCROOT%';

/** The findings as SARIF 2.1.0, as code-scanning services take it. @param version of twvault */
export function sarifOf(findings: readonly Finding[], version: string): unknown {
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'twvault', version, rules: ALL_RULES.map(ruleOf) } },
        originalUriBaseIds: { [ROOT]: { description: { text: 'the folder in which twvault was run' } } },
        columnKind: 'utf16CodeUnits',
        results: findings.map(resultOf),
      },
    ],
  };
}

function ruleOf({ id, text }: (typeof ALL_RULES)[number]): unknown {
  return {
    id,
    shortDescription: { text },
    help: {
      text: 'Revoke it in the developer console of X, take it out of the file, and keep it in twvault.',
    },
    defaultConfiguration: { level: 'error' },
    properties: { tags: ['security', 'secret'], 'security-severity': '8.0' },
  };
}

function resultOf(finding: Finding): unknown {
  const { rule, path, line, column, length, id, commit } = finding;
  return {
    ruleId: rule,
    ruleIndex: ALL_RULES.findIndex((known) => known.id === rule),
    level: 'error',
    message: { text: commit === undefined ? describe(finding) : `${describe(finding)} (commit ${commit})` },
    locations: [
      {
        physicalLocation: {
          artifactLocation: artifact(path),
          region: { startLine: line, startColumn: column, endColumn: column + length },
        },
      },
    ],
    partialFingerprints: { 'twvaultFinding/v1': id },
  };
}

function artifact(path: string): unknown {
  if (path.startsWith('/')) return { uri: pathToFileURL(path).href };
  return { uri: path.split('/').map(encodeURIComponent).join('/'), uriBaseId: ROOT };
}
