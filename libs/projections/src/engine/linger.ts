/** A short rest that can be cut short. */
export class Linger {
  #end = () => {};
  #hurried = false;

  /** Until the time is up, or somebody hurries: before it began counts too. */
  async rest(ms: number): Promise<void> {
    if (!this.#hurried) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, ms);
        this.#end = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    this.#hurried = false;
  }

  hurry(): void {
    this.#hurried = true;
    this.#end();
  }
}
