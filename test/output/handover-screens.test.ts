import type { Output } from '../../src/io.ts';
import { runNlbmc } from '../commands/harness.ts';
import { fullSize } from '../full-size.ts';
import { expectGolden } from '../golden/golden.ts';
import { PRI, SEC, setStage, type Stage } from '../laws/stage.ts';

const HANDOVER = `handover nginx --old ${PRI} --new ${SEC}`;

let stage: Stage;
beforeEach(async () => (stage = await setStage('joined', { tls: true })));
afterEach(() => stage.stop());

/** Without the lines that come again while something is waited for, and how they go on in the next line. */
function withoutWaiting(lines: readonly string[]): readonly string[] {
  let waits = false;
  return lines.filter((line) => {
    waits = /^(?:waiting|\s*… converging)/.test(line) || (waits && /^ {4}/.test(line));
    return !waits;
  });
}

/** What a terminal of 80 columns shows of a command, but for how long it waits. */
async function shown(line: string): Promise<string> {
  let text = '';
  const screen: Output = { write: (more) => (text += more), isTTY: true, columns: 80 };
  await runNlbmc(stage.sandbox, line, { screen, env: { TERM: 'dumb' } });
  return `$ nlbmc ${line}\n${withoutWaiting(text.split('\n')).join('\n')}`;
}

test('the plan of a handover is read by phases', async () => {
  expectGolden('handover-dry-run.txt', await shown(`${HANDOVER} --dry-run`));
});

test('a handover that is refused says why', async () => {
  const { kube } = stage.world.cluster(PRI);
  const key = 'service.beta.kubernetes.io/aws-load-balancer-attributes';
  const body = { metadata: { annotations: { [key]: null } } };
  const person = { actor: 'person', manager: 'kubectl-edit', internal: true };
  kube.patch('services', 'default', 'nginx', { type: 'merge', body }, person);
  stage.world.settle();
  expectGolden('handover-refused.txt', await shown(`${HANDOVER} --yes`));
});

test('a handover that stops after a phase says how to go on', async () => {
  expectGolden('handover-until.txt', await shown(`${HANDOVER} --until release --yes`));
});

// To its end it takes seconds: with CI=true.
(fullSize ? test : test.skip)('a handover tells each step, and its end', async () => {
  expectGolden('handover.txt', await shown(`${HANDOVER} --yes`));
});
