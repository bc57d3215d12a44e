/** Text that is markup already. */
export class Html {
  constructor(readonly text: string) {}
}

type Part = Html | string | number | undefined | readonly Html[];

/** Markup with values in it, of which everything is escaped that is not markup itself. */
export const html = (texts: TemplateStringsArray, ...parts: readonly Part[]): Html => new Html(texts.reduce((all, text, i) => `${all}${escaped(parts[i - 1])}${text}`));

function escaped(part: Part): string {
  if (part === undefined) return '';
  if (part instanceof Html) return part.text;
  if (typeof part === 'string' || typeof part === 'number') return String(part).replace(/[&<>"']/gu, (character) => `&#${character.charCodeAt(0)};`);
  return part.map(({ text }) => text).join('');
}
