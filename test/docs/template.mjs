/**
 * A text with keys in place of {personal.api_key}.
 * @param {string} text
 * @param {Readonly<Record<string, object>>} values by a name and a field
 */
export function filled(text, values) {
  return text.replace(/\{(\w+)\.(\w+)\}/g, (_, name, field) => {
    const value = /** @type {Record<string, string> | undefined} */ (values[name])?.[field];
    if (value === undefined) throw new Error(`there is no ${name}.${field}`);
    return value;
  });
}
