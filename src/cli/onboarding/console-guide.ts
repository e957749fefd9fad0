import { FIELDS } from '../../profile/fields.ts';
import { columns } from '../columns.ts';

const headings = [...new Set(FIELDS.flatMap(({ heading }) => heading ?? []))];
const rows = headings.map((heading) => {
  const names = FIELDS.filter((field) => field.heading === heading).map(({ name }) => name);
  return [`  ${heading}`, names.join(', ')];
});

/** Where X's console shows each key. */
export const CONSOLE_GUIDE = `
The keys are at https://console.x.com, with your app:

${columns(rows)}
A bot that posts needs the first two. Let the app read and write before you
generate the access token, which keeps the permission that the app had then.
Each is shown only once, when it is generated.
`;
