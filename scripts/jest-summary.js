/**
 * Ends a run with one line that a script can read: `N passed, N failed` (`, N skipped`).
 * In CI a skipped test is a failure: it says that a tool the tests need is missing there.
 */
export default class Summary {
  #skipped = 0;

  onRunComplete(_contexts, results) {
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
    this.#skipped = results.numPendingTests + results.numTodoTests;
    const skipped = this.#skipped > 0 ? `, ${this.#skipped} skipped` : '';
    // After jest's own summary, which goes to stderr as well.
    process.on('exit', () => {
      process.stdout.write(`${results.numPassedTests} passed, ${failed} failed${skipped}\n`);
    });
  }

  getLastError() {
    if (process.env.CI === 'true' && this.#skipped > 0)
      return new Error(`${this.#skipped} tests were skipped, which CI does not accept`);
    return undefined;
  }
}
