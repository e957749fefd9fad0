// `fill < TEMPLATE`: puts generated keys where a template says {personal.api_key}. Pages use it in preparation that
// readers do not see, so that no page holds anything that looks like a key.
import { readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { filled } from './template.mjs';

const values = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8'));
process.stdout.write(filled(await text(process.stdin), values));
