import type { JournalEntry } from '../../src/sandbox/requests/journal.ts';
import { ENABLE, JOIN, PRI, type Progress, SEC, type Stage, VERIFY } from '../laws/stage.ts';
import { isWatch } from '../commands/exchange.ts';
import { readPage } from './pages.ts';

const SHOW = `show nginx --context ${PRI},${SEC}`;

/** What a request asks for, as docs/rights.md writes it. */
export function rightOf({ world, verb = '', path = '', action = '' }: JournalEntry): string {
  if (world === 'aws')
    return action.replace('elbv2.', 'elasticloadbalancing:').replace('ec2.', 'ec2:');
  const [, resource, name, status = ''] =
    /^\/(?:api\/v1|apis\/[^/]+\/[^/]+)(?:\/namespaces\/[^/?]+(?=\/))?\/([^/?]+)(\/[^/?]+)?(\/status)?/.exec(
      path,
    ) ?? [];
  const all = isWatch({ path }) ? 'watch' : 'list';
  const verbs: Record<string, string> = {
    GET: name ? 'get' : all,
    PATCH: 'patch',
    POST: 'create',
    DELETE: 'delete',
  };
  return `${verbs[verb] ?? verb} ${resource ?? path}${status}`;
}

/** The tables of the page below a heading: for each right, what stands in the columns. */
export function rowsBelow(heading: string) {
  const section = readPage('docs/rights.md').split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
  return [...section.matchAll(/^\| ((?:\w+ |\w+:)\w+) \|(.*)\|$/gm)].map((m) => ({
    right: m[1] ?? '',
    cells: (m[2] ?? '').split('|').map((cell) => cell.trim()),
  }));
}
const tables = {
  '': [...rowsBelow('Kubernetes'), ...rowsBelow('AWS')],
  ', to leave': [...rowsBelow('Kubernetes, to leave'), ...rowsBelow('AWS, to leave')],
  ', to end sharing': [
    ...rowsBelow('Kubernetes, to end sharing'),
    ...rowsBelow('AWS, to end sharing'),
  ],
  ', to repair': [...rowsBelow('Kubernetes, to repair'), ...rowsBelow('AWS, to repair')],
};

/** A command line whose requests docs/rights.md names. */
export interface Command {
  readonly name: string;
  readonly line: string;
  readonly before: Progress;
  /** What is done to the stage before each run. */
  readonly arrange?: (stage: Stage) => void;
  /** Ending of the headings of its tables. */
  readonly table?: keyof typeof tables;
  /** Columns of the tables, for Kubernetes by cluster. */
  readonly kube: Readonly<Record<string, number>>;
  readonly aws: number;
}

export const enable: Command = {
  name: 'enable',
  line: `${ENABLE} --yes`,
  before: 'deployed',
  kube: { [PRI]: 0 },
  aws: 0,
};
export const join: Command = {
  name: 'join',
  line: `${JOIN} --yes`,
  before: 'enabled',
  kube: { [PRI]: 1, [SEC]: 2 },
  aws: 1,
};
export const verify: Command = {
  name: 'verify',
  line: VERIFY,
  before: 'joined',
  kube: { [PRI]: 3, [SEC]: 3 },
  aws: 2,
};
export const show: Command = {
  name: 'show',
  line: SHOW,
  before: 'joined',
  kube: { [PRI]: 4, [SEC]: 4 },
  aws: 3,
};
export const list: Command = { ...verify, name: 'list', line: `list --context ${PRI},${SEC}` };
export const disable: Command = {
  name: 'disable',
  line: `disable nginx --context ${PRI} --yes --accept unlisted-members`,
  before: 'enabled',
  table: ', to end sharing',
  kube: { [PRI]: 0 },
  aws: 0,
};
export const purge: Command = {
  name: 'purge',
  line: `purge nginx --context ${PRI} --yes`,
  before: 'joined',
  table: ', to end sharing',
  kube: { [PRI]: 1 },
  aws: 1,
};
export const repair: Command = {
  name: 'repair',
  line: `repair nginx --context ${PRI},${SEC} --yes`,
  before: 'joined',
  table: ', to repair',
  kube: { [PRI]: 0, [SEC]: 1 },
  aws: 0,
};
export const leave: Command = {
  name: 'leave',
  line: `leave nginx --context ${SEC} --primary ${PRI} --yes`,
  before: 'joined',
  table: ', to leave',
  kube: { [PRI]: 0, [SEC]: 1 },
  aws: 0,
};
export const leaveDead: Command = {
  ...leave,
  name: 'leave --without-controller',
  line: `${leave.line} --without-controller`,
  arrange: ({ world }) => world.cluster(SEC).lbc.uninstall(),
  kube: { [PRI]: 0, [SEC]: 2 },
  aws: 1,
};
export const leaves = [leave, leaveDead];
export const serving = [enable, join, verify, show, list, disable, ...leaves];
export const commands = [...serving, purge, repair];

/** The lines of the page's tables for a command. */
export const rowsOf = ({ table = '' }: Command) => tables[table];

/** The cell of a request; empty where the page does not name it. */
export function cellOf(command: Command, entry: JournalEntry): string {
  const column = entry.world === 'aws' ? command.aws : command.kube[entry.cluster ?? ''];
  return rowsOf(command).find(({ right }) => right === rightOf(entry))?.cells[column ?? -1] ?? '';
}
