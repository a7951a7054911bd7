import type { Ask } from '../sandbox/kube/golden/exchange.ts';
import { bindingCrd, startPractice } from '../sandbox/kube/golden/practice.ts';
import { PATHS } from '../sandbox/kube/golden/requests.ts';
import { rows } from '../sandbox/kube/golden/rows.ts';
import { apiClient } from './api-client.ts';
import { goldenAnswers } from './golden-answers.ts';
import { compareRequests, type Difference } from './requests/compare-requests.ts';
import { knownDifferences, MOST_KNOWN_DIFFERENCES } from './requests/known-differences.ts';
import type { Job } from './side-jobs.ts';
import { waitFor } from './waiting.ts';

/** Sequences of generated requests: with these seeds about two minutes on an idle machine. */
const SEEDS = Array.from({ length: 1_200 }, (_, i) => 200_000 + i);

/** What generated requests show: unknown differences, and known ones that no seed shows any more. */
async function generated(real: Ask, say: (line: string) => void): Promise<readonly string[]> {
  const practice = await startPractice();
  try {
    const { differences, requests } = await compareRequests(real, practice.ask, SEEDS);
    const isKnown = ({ line }: Difference): boolean =>
      knownDifferences.some((known) => known.line.test(line));
    const unknown = differences.filter((one) => !isKnown(one));
    const unseen = knownDifferences.filter(({ line: known }) =>
      differences.every(({ line }) => !known.test(line)),
    );
    const total = `${requests} generated requests in ${SEEDS.length} sequences`;
    const kinds = `${knownDifferences.length} kinds`;
    say(
      `API server: ${total}, ${differences.length - unknown.length} known differences of ${kinds}`,
    );
    return [
      ...unknown.map(({ seed, line, step }) => `seed ${seed}: ${line}\n  ${JSON.stringify(step)}`),
      ...unseen.map(({ why }) => `no seed shows this known difference any more: ${why}`),
      ...(knownDifferences.length > MOST_KNOWN_DIFFERENCES
        ? [`${kinds} of known differences are more than ${MOST_KNOWN_DIFFERENCES}`]
        : []),
    ];
  } finally {
    await practice.close();
  }
}

/** What a real API server answers differently from the recorded answers, and from the practice one. */
export async function compareAnswers(
  o: Extract<Job, { readonly kind: 'api' }> & { readonly say: (line: string) => void },
): Promise<readonly string[]> {
  const { ask, close } = apiClient(o.server, o.ca);
  try {
    await ask({
      verb: 'POST',
      path: '/apis/apiextensions.k8s.io/v1/customresourcedefinitions',
      body: bindingCrd,
    });
    const bindings = PATHS.bindings.replace('NS', 'default');
    const served = async () => (await ask({ verb: 'GET', path: bindings })).status === 200;
    await waitFor('bindings are served', served, 30_000);
    const changed = await goldenAnswers(ask, o.root, o.env);
    o.say(`API server: ${rows.length - changed.length} of ${rows.length} golden answers hold`);
    return [
      ...changed.map((name) => `golden answer "${name}" is not what the API server says`),
      ...(await generated(ask, o.say)),
    ];
  } finally {
    close();
  }
}
