/** A typed array that only grows, so that labels and cases share its memory; its contents do not survive `take`. */
export class ReusableArray<T extends { readonly length: number }> {
  readonly #create: (length: number) => T;
  #array: T;

  constructor(create: (length: number) => T) {
    this.#create = create;
    this.#array = create(0);
  }

  /** An array of at least `length` elements of unspecified value. */
  take(length: number): T {
    if (this.#array.length < length) this.#array = this.#create(length);
    return this.#array;
  }
}
