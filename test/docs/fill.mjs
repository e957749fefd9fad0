// `fill < TEMPLATE`: puts generated keys where a template says {personal.api_key}. Pages use it in preparation that
// readers do not see, so that no page holds anything that looks like a key.
import { readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';

const accounts = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8'));
const template = await text(process.stdin);
process.stdout.write(
  template.replace(/\{(\w+)\.(\w+)\}/g, (_, name, field) => {
    const value = accounts[name]?.[field];
    if (value === undefined) throw new Error(`there is no ${name}.${field}`);
    return value;
  }),
);
