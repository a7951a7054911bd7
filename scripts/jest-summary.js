/** What is smaller than in CI, by the path of the test. */
const SMALLER = [
  [
    'laws/interleave/',
    '10 of 500 random schedules, nlbmc without its refusals in none (SEEDS=500)',
  ],
  ['lab/sandbox', 'each tenth script of the lab (CI=true, or npm run lab)'],
  ['laws/hint-leads-on', 'each eighth world of the catalogue of hints (CI=true)'],
  [
    'unreadable',
    'each second or third command; some of the reads that it makes meet one of four faults, in turn (CI=true)',
  ],
  ['docs/rights', 'each right is taken away from each sixth command (CI=true)'],
  ['docs/ci', 'the jobs of docs/ci.md are played for 3 clusters, not for 10 and 50 (CI=true)'],
  ['docs/worlds', 'README and docs/blue-green.md are typed for 2 and 3 clusters only (CI=true)'],
  ['templates/cleanup', 'the lab is cleaned up as its page says, and in no other way (CI=true)'],
  [
    'laws/killed',
    'in each fourth or fifth story, the process is killed around some writes only (CI=true)',
  ],
];

/**
 * Says how much there is to do, and ends a run with one line that a script can read: `N passed,
 * N failed` (`, N skipped`); before it, what was smaller than in CI. In CI a skipped test is a
 * failure: it says that a tool the tests need is missing there.
 */
export default class Summary {
  #skipped = 0;

  onRunStart({ numTotalTestSuites }) {
    const files = `${numTotalTestSuites} test ${numTotalTestSuites === 1 ? 'file' : 'files'}`;
    process.stderr.write(`Running ${files}; each is named as it ends.\n`);
  }

  onRunComplete(_contexts, results) {
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
    this.#skipped = results.numPendingTests + results.numTodoTests;
    const skipped = this.#skipped > 0 ? `, ${this.#skipped} skipped` : '';
    const ran = (path) =>
      results.testResults.some(({ testFilePath }) => testFilePath.includes(path));
    const smaller = process.env.CI === 'true' ? [] : SMALLER.filter(([path]) => ran(path));
    // After jest's own summary, which goes to stderr as well.
    process.on('exit', () => {
      for (const [, what] of smaller) process.stdout.write(`Smaller than in CI: ${what}\n`);
      process.stdout.write(`${results.numPassedTests} passed, ${failed} failed${skipped}\n`);
    });
  }

  getLastError() {
    if (process.env.CI === 'true' && this.#skipped > 0)
      return new Error(`${this.#skipped} tests were skipped, which CI does not accept`);
    return undefined;
  }
}
