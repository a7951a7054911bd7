import type { Output } from '../../src/io.ts';
import { runNlbmc } from '../commands/harness.ts';
import { fullSize } from '../full-size.ts';
import { expectGolden } from '../golden/golden.ts';
import { onTlsStage, PRI, SEC, type Stage } from '../laws/stage.ts';

const HANDOVER = `handover nginx --old ${PRI} --new ${SEC}`;
const REPLACE = `replace nginx --old ${PRI} --new ${SEC} --no-record`;

/** Without the lines that come again while something is waited for, and how they go on in the next line. */
function withoutWaiting(lines: readonly string[]): readonly string[] {
  let waits = false;
  return lines.filter((line) => {
    waits = /^(?:waiting|\s*… converging)/.test(line) || (waits && /^ {4}/.test(line));
    return !waits;
  });
}

/** What a terminal of 80 columns shows of a command, but for how long it waits. */
async function shown({ sandbox }: Stage, line: string): Promise<string> {
  let text = '';
  const screen: Output = { write: (more) => (text += more), isTTY: true, columns: 80 };
  await runNlbmc(sandbox, line, { screen, env: { TERM: 'dumb' } });
  return `$ nlbmc ${line}\n${withoutWaiting(text.split('\n')).join('\n')}`;
}

/** Annotates the Service of the owner, as a person does. */
function annotate({ world }: Stage, annotations: Readonly<Record<string, string | null>>): void {
  const person = { actor: 'person', manager: 'kubectl-edit', internal: true };
  const body = { metadata: { annotations } };
  world.cluster(PRI).kube.patch('services', 'default', 'nginx', { type: 'merge', body }, person);
  world.settle();
}

test('the plan of a handover is read by phases', () =>
  onTlsStage('joined', async (stage) =>
    expectGolden('handover-dry-run.txt', await shown(stage, `${HANDOVER} --dry-run`)),
  ));

test('a handover that is refused says why', () =>
  onTlsStage('joined', async (stage) => {
    annotate(stage, { 'service.beta.kubernetes.io/aws-load-balancer-attributes': null });
    expectGolden('handover-refused.txt', await shown(stage, `${HANDOVER} --yes`));
  }));

test('a handover that stops after a phase says how to go on', () =>
  onTlsStage('joined', async (stage) =>
    expectGolden('handover-until.txt', await shown(stage, `${HANDOVER} --until release --yes`)),
  ));

// To its end it takes seconds: with CI=true.
(fullSize ? test : test.skip)('a handover tells each step, and its end', () =>
  onTlsStage('joined', async (stage) =>
    expectGolden('handover.txt', await shown(stage, `${HANDOVER} --yes`)),
  ),
);

test('the plan of a replace of the owner is read by phases, after the join', () =>
  onTlsStage('enabled', async (stage) =>
    expectGolden('replace-owner-dry-run.txt', await shown(stage, `${REPLACE} --dry-run`)),
  ));

test('a replace of the owner that is refused says why', () =>
  onTlsStage('enabled', async (stage) => {
    annotate(stage, { 'service.beta.kubernetes.io/aws-load-balancer-attributes': null });
    expectGolden('replace-owner-refused.txt', await shown(stage, `${REPLACE} --yes`));
  }));
