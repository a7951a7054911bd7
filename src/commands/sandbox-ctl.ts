import type { Io } from '../io.ts';
import { jsonText, yamlText } from '../output/document.ts';
import { plainStyle } from '../output/style.ts';
import { tableLines } from '../output/table.ts';
import { visible } from '../output/visible.ts';
import { orderSandbox, type SandboxState } from './sandbox-socket.ts';

type CtlIo = Pick<Io, 'stdout' | 'env' | 'signal'>;

/** `nlbmc sandbox ctl list`. Raises ProblemError, as all of these do, where there is no sandbox. */
export async function listSandbox(format: 'table' | 'json' | 'yaml', io: CtlIo): Promise<0> {
  const state = await orderSandbox({ verb: 'list' }, io);
  const document = { apiVersion: 'nlbmc/v1', kind: 'SandboxState', ...state };
  const text = {
    table: () => listText(visible(state), io),
    json: () => jsonText(document, {}),
    yaml: () => yamlText(document, {}),
  };
  io.stdout.write(await text[format]());
  return 0;
}

/** `nlbmc sandbox ctl fault`: removes faults (`all`, or by number), then adds `rules`. */
export async function faultSandbox(
  rules: readonly string[],
  remove: readonly number[] | 'all' | undefined,
  io: CtlIo,
): Promise<0> {
  if (remove !== undefined) {
    await orderSandbox({ verb: 'remove', numbers: remove }, io);
    io.stdout.write(`${removedText(remove)}\n`);
  }
  if (rules.length > 0) {
    const { faults } = await orderSandbox({ verb: 'fault', rules }, io);
    for (const { number, rule } of faults.slice(-rules.length)) {
      io.stdout.write(`Fault ${number} is in force: ${rule}\n`);
    }
  }
  return 0;
}

function removedText(remove: readonly number[] | 'all'): string {
  if (remove === 'all') return 'All faults are removed.';
  return remove.length === 1
    ? `Fault ${remove[0]} is removed.`
    : `Faults ${remove.join(', ')} are removed.`;
}

const DONE = {
  pause: 'hangs: it is ready, answers webhooks, and reconciles nothing',
  resume: 'works again',
  restart: 'has restarted: its memory is empty',
} as const;

/** `nlbmc sandbox ctl pause`, `resume` and `restart`: the controller of one cluster. */
export async function steerController(
  verb: keyof typeof DONE,
  cluster: string,
  io: CtlIo,
): Promise<0> {
  await orderSandbox({ verb, cluster }, io);
  io.stdout.write(`The controller of ${cluster} ${DONE[verb]}.\n`);
  return 0;
}

function listText({ faults, controllers }: SandboxState, { stdout, env }: CtlIo): string {
  const width = stdout.isTTY === true && stdout.columns ? { columns: stdout.columns } : {};
  const style = { ...plainStyle(env), ...width };
  const lines = [
    ...tableLines(
      ['CONTROLLER', 'VERSION', 'STATE'],
      controllers.map(({ cluster, version, state }) => [cluster, version, state]),
      style,
    ),
    '',
    ...(faults.length === 0
      ? ['No fault is in force.']
      : tableLines(
          ['FAULT', 'HITS', 'RULE'],
          faults.map(({ number, rule, hits, times }) => [
            String(number),
            times === undefined ? String(hits) : `${hits} of ${times}`,
            rule,
          ]),
          style,
        )),
  ];
  return `${lines.join('\n')}\n`;
}
