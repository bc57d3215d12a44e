/** Does one thing after the other, each to its end. */
export class InTurn {
  #last: Promise<unknown> = Promise.resolve();

  run<T>(action: () => Promise<T>): Promise<T> {
    const result = this.#last.then(action);
    this.#last = result.catch(() => {}); // whoever asked sees the error; the next is not held back by it
    return result;
  }
}
