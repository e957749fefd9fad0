/** The command lines of twvault in a piece of shell text: the words behind `twvault`, up to a pipe, a list or a redirection. */
export function commandLines(text: string): string[][] {
  return words(text).flatMap((line) => {
    const at = line.indexOf('twvault');
    // What stands before it may be variables, or a program that starts it.
    return at < 0 || at === line.length - 1 ? [] : [line.slice(at + 1)];
  });
}

/** What says nothing to us, in a group of its own; a word; anything else by the character. */
const TOKEN =
  /(\\\n|#[^\n]*|\d(?=[<>])|[ \t]+)|(?:\\[^\n]|'[^']*'|"(?:\\.|[^"\\])*"|[^\s'"\\|&;<>()#]|(?<=\S)#)+|[\s\S]/g;

/** Simple commands, each as its words. Only what pages write is understood: no here-documents, no nesting of quotes. */
function words(text: string): string[][] {
  const commands: string[][] = [[]];
  let redirects = false;
  for (const [token, skipped] of text.matchAll(TOKEN)) {
    if (skipped) continue;
    if (token === '<' || token === '>') redirects = true;
    else if (/^[\s|&;()]$/.test(token)) {
      commands.push([]);
      redirects = false;
    } else if (redirects) redirects = false;
    else commands.at(-1)?.push(unquoted(token));
  }
  return commands;
}

const unquoted = (word: string): string =>
  word.replace(
    /'([^']*)'|"((?:\\.|[^"\\])*)"|\\(.)/g,
    (_, single, double, escaped) => single ?? double ?? escaped,
  );
