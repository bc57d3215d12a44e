/**
 * A map as it would be after changes that are kept beside it: the map below stays as it is. In the order of a Map, where
 * a key that is set again keeps its place.
 */
export class OverlayMap<K, V> extends Map<K, V> {
  readonly #below: ReadonlyMap<K, V>;
  readonly #replaced = new Map<K, V>();
  readonly #removed = new Set<K>();
  readonly #added = new Map<K, V>();

  constructor(below: ReadonlyMap<K, V>) {
    super();
    this.#below = below;
  }

  override get size(): number {
    return this.#below.size - this.#removed.size + this.#added.size;
  }

  override has(key: K): boolean {
    return this.#added.has(key) || this.#isBelow(key);
  }

  override get(key: K): V | undefined {
    if (this.#added.has(key)) return this.#added.get(key);
    if (!this.#isBelow(key)) return undefined;
    return this.#replaced.has(key) ? this.#replaced.get(key) : this.#below.get(key);
  }

  override set(key: K, value: V): this {
    (this.#isBelow(key) ? this.#replaced : this.#added).set(key, value);
    return this;
  }

  override delete(key: K): boolean {
    if (this.#added.delete(key)) return true;
    if (!this.#isBelow(key)) return false;
    this.#replaced.delete(key);
    this.#removed.add(key);
    return true;
  }

  override clear(): void {
    for (const key of this.keys()) this.delete(key);
  }

  override *entries(): MapIterator<[K, V]> {
    for (const [key, value] of this.#below) {
      if (this.#removed.has(key)) continue;
      yield [key, this.#replaced.has(key) ? (this.#replaced.get(key) as V) : value]; // it has the key
    }
    yield* this.#added;
  }

  override *keys(): MapIterator<K> {
    for (const [key] of this.entries()) yield key;
  }

  override *values(): MapIterator<V> {
    for (const [, value] of this.entries()) yield value;
  }

  override [Symbol.iterator](): MapIterator<[K, V]> {
    return this.entries();
  }

  override forEach(action: (value: V, key: K, map: Map<K, V>) => void): void {
    for (const [key, value] of this.entries()) action(value, key, this);
  }

  #isBelow(key: K): boolean {
    return this.#below.has(key) && !this.#removed.has(key);
  }
}
