import { describe, expect, test } from 'vitest';
import { edited } from '../../src/scrub/edit.ts';
import { pythonEdits } from '../../src/scrub/python.ts';
import { moveOf } from './hand-made.ts';

/** The text with its 'literal' moved to the variable KEY. */
function scrubbed(text: string, literal = "'literal'"): string {
  return edited(text, pythonEdits('keys.py', text, new Map([[moveOf(text, 'key', literal), 'KEY']])));
}

const READ = 'os.environ["KEY"]';

describe('the import', () => {
  test.each([
    ['stands first, with a blank line', "key = 'literal'\n", `import os\n\nkey = ${READ}\n`],
    ['stands above a comment', "# keys\nkey = 'literal'\n", `import os\n\n# keys\nkey = ${READ}\n`],
    ['joins the other imports', "import sys\nkey = 'literal'\n", `import os\nimport sys\nkey = ${READ}\n`],
    [
      'joins imports below a comment',
      "# (c)\nfrom x import y\nkey = 'literal'",
      `# (c)\nimport os\nfrom x import y\nkey = ${READ}`,
    ],
    ['is not added where it is', "import os\nkey = 'literal'\n", `import os\nkey = ${READ}\n`],
    [
      'is not added where it is among others',
      "import re, os, sys\nkey = 'literal'\n",
      `import re, os, sys\nkey = ${READ}\n`,
    ],
    [
      'is not added where os.path is imported',
      "import os.path\nkey = 'literal'\n",
      `import os.path\nkey = ${READ}\n`,
    ],
    [
      'is added where only a part of os is',
      "from os import path\nkey = 'literal'\n",
      `import os\nfrom os import path\nkey = ${READ}\n`,
    ],
    [
      'is added where os is imported too late',
      "key = 'literal'\nimport os\n",
      `import os\n\nkey = ${READ}\nimport os\n`,
    ],
    [
      'is added where os has another name',
      "import os as system\nkey = 'literal'\n",
      `import os\nimport os as system\nkey = ${READ}\n`,
    ],
    [
      'is added where a string only says so',
      "'''\nimport os\n'''\nkey = 'literal'\n",
      `'''\nimport os\n'''\nimport os\n\nkey = ${READ}\n`,
    ],
    [
      'follows shebang and encoding',
      "#!/usr/bin/python\n# -*- coding: latin-1 -*-\nkey = 'literal'\n",
      `#!/usr/bin/python\n# -*- coding: latin-1 -*-\nimport os\n\nkey = ${READ}\n`,
    ],
    [
      'follows the docstring',
      '# a\n\n"""Keys\n\nof mine"""  # b\nkey = \'literal\'\n',
      `# a\n\n"""Keys\n\nof mine"""  # b\nimport os\n\nkey = ${READ}\n`,
    ],
    [
      'follows imports from the future',
      "'doc'\nfrom __future__ import (a,\n  b)\nfrom __future__ import c\nkey = 'literal'\n",
      `'doc'\nfrom __future__ import (a,\n  b)\nfrom __future__ import c\nimport os\n\nkey = ${READ}\n`,
    ],
    ['keeps line ends', "x = 1\r\nkey = 'literal'\r\n", `import os\r\n\r\nx = 1\r\nkey = ${READ}\r\n`],
    ['keeps old line ends', "x = 1\rkey = 'literal'\r", `import os\r\rx = 1\rkey = ${READ}\r`],
  ])('%s', (_, text, result) => {
    expect(scrubbed(text)).toBe(result);
  });

  test.each([
    ['another module of that name', 'from mine import os'],
    ['a variable', 'os = "linux"'],
    ['an alias', 'import platform as os'],
    ['a parameter', 'def run(os):\n  pass'],
    ['a loop', 'for os in systems: pass'],
  ])('has another name beside %s', (_, line) => {
    const text = `${line}\nkey = 'literal'\n`;
    expect(scrubbed(text)).toContain('import os as _os\n');
    expect(scrubbed(text)).toContain('key = _os.environ["KEY"]');
  });

  test('has another name where a function imports os for itself', () => {
    const text = "def f():\n    key = 'literal'\n    import os\n";
    expect(scrubbed(text)).toBe(
      'import os as _os\n\ndef f():\n    key = _os.environ["KEY"]\n    import os\n',
    );
  });
});

describe('the reference', () => {
  test('stays apart from keywords', () => {
    expect(scrubbed("import os\nreturn'literal'if x else 1\n")).toBe(
      `import os\nreturn ${READ}if x else 1\n`,
    );
  });

  test('takes the place of the whole expression', () => {
    const text = "import os\nkey = os.getenv('KEY') or 'literal'\n";
    expect(scrubbed(text, "os.getenv('KEY') or 'literal'")).toBe(`import os\nkey = ${READ}\n`);
  });
});
