import type { Style } from '../terminal.js';

/** Under a list that was cut. */
export const moreHint = (more: boolean, limit: number, style: Style): string => (more ? `\n${style.dim(`… and more; --limit ${limit * 5} shows them`)}` : '');
