/** A text with keys in place of {personal.api_key}: values by a name and a field. */
export function filled(text: string, values: Readonly<Record<string, object>>): string;
