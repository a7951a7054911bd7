/**
 * Stands in for AsyncLocalStorage in jest-circus, which asks it whose error an unhandled one is. The
 * real one makes Node follow each promise of the process, once more for each test file before: a tenth
 * of all the time. The tests of a file run one after the other, so a variable knows as much.
 */
export class OneAtATime {
  #store;

  getStore() {
    return this.#store;
  }

  run(store, callback) {
    const before = this.#store;
    const leave = () => {
      this.#store = before;
    };
    this.#store = store;
    let result;
    try {
      result = callback();
    } catch (error) {
      leave();
      throw error;
    }
    if (typeof result?.then === 'function') return result.finally(leave);
    leave();
    return result;
  }
}
