/**
 * Sets of numbers that can only be joined (union-find): every set is known by its least number. Numbers are given out
 * from 1, 0 stands for none.
 */
export class DisjointSets {
  #parent = new Int32Array(1024);
  #count = 0;

  /** How many numbers have been given out. */
  get count(): number {
    return this.#count;
  }

  /** A new number, in a set of its own. */
  add(): number {
    this.#count += 1;
    if (this.#count === this.#parent.length) {
      const wider = new Int32Array(2 * this.#parent.length);
      wider.set(this.#parent);
      this.#parent = wider;
    }
    this.#parent[this.#count] = this.#count;
    return this.#count;
  }

  /** The least number of the set that `member` is in; shortens the way there as it goes. */
  find(member: number): number {
    const parent = this.#parent;
    let at = member;
    while (parent[at] !== at) {
      const above = parent[parent[at] as number] as number;
      parent[at] = above;
      at = above;
    }
    return at;
  }

  /** Joins the sets of two numbers and returns the least number of both. */
  join(a: number, b: number): number {
    const [first, second] = [this.find(a), this.find(b)];
    const least = Math.min(first, second);
    this.#parent[Math.max(first, second)] = least;
    return least;
  }
}
