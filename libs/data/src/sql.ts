/** A name as an SQL identifier. */
export const identifier = (name: string) => `"${name.replaceAll('"', '""')}"`;

/** A text as an SQL literal. */
export const literal = (text: string) => `'${text.replaceAll("'", "''")}'`;

/** A list of texts as an SQL list literal. */
export const listLiteral = (texts: readonly string[]) => `[${texts.map(literal).join(', ')}]`;
