/**
 * What is under way, by its id: things that come and go by the thousand a second.
 *
 * Not a Map: V8 chains the tables that a Map or Set outgrew, each with what was in it then, for
 * iterators that may still stand on them. Where many come and go the chain begins in old memory
 * sooner or later; from then on all that passes through stays until a full collection, and the next
 * ones come soon and take long. The table of an object's own properties has no such chain.
 */
export class Passing<T extends object> {
  #things: Record<string, T> = Object.create(null) as Record<string, T>;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  get(id: string): T | undefined {
    return this.#things[id];
  }

  set(id: string, thing: T): void {
    if (this.#things[id] === undefined) this.#size += 1;
    this.#things[id] = thing;
  }

  /** Answers whether there was one. */
  delete(id: string): boolean {
    if (this.#things[id] === undefined) return false;
    delete this.#things[id];
    this.#size -= 1;
    return true;
  }

  /** All there are now, in the order in which they came. */
  values(): readonly T[] {
    return Object.values(this.#things);
  }

  clear(): void {
    this.#things = Object.create(null) as Record<string, T>;
    this.#size = 0;
  }
}
