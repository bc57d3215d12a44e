/** The first 48 bits of a UUIDv7, its time to the millisecond: `0190ab12-3c4d`. */
const leastLength = 13;

/** The shortest beginning of an id that no other of them shares, but not shorter than its time. */
export function shortId(id: string, others: Iterable<string> = []): string {
  let length = leastLength;
  for (const other of others) {
    if (other === id) continue;
    while (length < id.length && other.startsWith(id.slice(0, length))) length++;
  }
  return id.slice(0, length).replace(/-$/, '');
}
