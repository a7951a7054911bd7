import type { FaultRule } from '../../src/sandbox/requests/faults.ts';
import type { JournalEntry } from '../../src/sandbox/requests/journal.ts';
import type { ScenarioName } from '../../src/sandbox/scenarios/scenarios.ts';
import {
  ENABLE,
  JOIN,
  onStage,
  PRI,
  type Progress,
  SEC,
  type Stage,
  VERIFY,
} from '../laws/stage.ts';
import { fullSize } from '../full-size.ts';
import { loseSecondary } from '../commands/gone.ts';
import { addresses, BINDINGS, deregister, recordMore, register } from '../commands/repair-acts.ts';
import { readPage } from './pages.ts';

const SHOW = `show nginx --context ${PRI},${SEC}`;
const person = { actor: 'person', manager: 'kubectl', internal: true };

/** What a request asks for, as docs/rights.md writes it. */
function rightOf({ world, verb = '', path = '', action = '' }: JournalEntry): string {
  if (world === 'aws')
    return action.replace('elbv2.', 'elasticloadbalancing:').replace('ec2.', 'ec2:');
  const [, resource, name] =
    /^\/(?:api\/v1|apis\/[^/]+\/[^/]+)(?:\/namespaces\/[^/?]+(?=\/))?\/([^/?]+)(\/[^/?]+)?/.exec(
      path,
    ) ?? [];
  const verbs: Record<string, string> = {
    GET: name ? 'get' : 'list',
    PATCH: 'patch',
    POST: 'create',
    DELETE: 'delete',
  };
  return `${verbs[verb] ?? verb} ${resource ?? path}`;
}

/** The tables of the page below a heading: for each right, what stands in the columns. */
function rowsBelow(heading: string) {
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

interface Command {
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

const enable: Command = {
  name: 'enable',
  line: `${ENABLE} --yes`,
  before: 'deployed',
  kube: { [PRI]: 0 },
  aws: 0,
};
const join: Command = {
  name: 'join',
  line: `${JOIN} --yes`,
  before: 'enabled',
  kube: { [PRI]: 1, [SEC]: 2 },
  aws: 1,
};
const verify: Command = {
  name: 'verify',
  line: VERIFY,
  before: 'joined',
  kube: { [PRI]: 3, [SEC]: 3 },
  aws: 2,
};
const show: Command = {
  name: 'show',
  line: SHOW,
  before: 'joined',
  kube: { [PRI]: 4, [SEC]: 4 },
  aws: 3,
};
const list: Command = { ...verify, name: 'list', line: `list --context ${PRI},${SEC}` };
const disable: Command = {
  name: 'disable',
  line: `disable nginx --context ${PRI} --yes --accept unlisted-members`,
  before: 'enabled',
  table: ', to end sharing',
  kube: { [PRI]: 0 },
  aws: 0,
};
const purge: Command = {
  name: 'purge',
  line: `purge nginx --context ${PRI} --yes`,
  before: 'joined',
  table: ', to end sharing',
  kube: { [PRI]: 1 },
  aws: 1,
};
const repair: Command = {
  name: 'repair',
  line: `repair nginx --context ${PRI},${SEC} --yes`,
  before: 'joined',
  table: ', to repair',
  kube: { [PRI]: 0, [SEC]: 1 },
  aws: 0,
};
const leave: Command = {
  name: 'leave',
  line: `leave nginx --context ${SEC} --primary ${PRI} --yes`,
  before: 'joined',
  table: ', to leave',
  kube: { [PRI]: 0, [SEC]: 1 },
  aws: 0,
};
const leaveDead: Command = {
  ...leave,
  name: 'leave --without-controller',
  line: `${leave.line} --without-controller`,
  arrange: ({ world }) => world.cluster(SEC).lbc.uninstall(),
  kube: { [PRI]: 0, [SEC]: 2 },
  aws: 1,
};
const leaves = [leave, leaveDead];
const serving = [enable, join, verify, show, list, disable, ...leaves];
const commands = [...serving, purge, repair];

const rowsOf = ({ table = '' }: Command) => tables[table];

/** The cell of a request; empty where the page does not name it. */
function cellOf(command: Command, entry: JournalEntry): string {
  const column = entry.world === 'aws' ? command.aws : command.kube[entry.cluster ?? ''];
  return rowsOf(command).find(({ right }) => right === rightOf(entry))?.cells[column ?? -1] ?? '';
}

/**
 * Whether a right is taken away from a command to see what comes of it: in CI each from each. Otherwise
 * from each second command, so that the right and the command are both tried.
 */
const isTaken = (command: Command, key: string): boolean =>
  fullSize || (key.length + commands.indexOf(command)) % 2 === 0;

const keyOf = (entry: JournalEntry): string => `${entry.cluster ?? ''} ${rightOf(entry)}`;

/** Endpoints that are not ready, of pods whose containers are: the controller would look at both. */
function notReady({ world }: Stage, clusters: readonly string[] = [PRI, SEC]): void {
  for (const { kube } of clusters.map((name) => world.cluster(name))) {
    const [slice] = kube.list('endpointslices.discovery.k8s.io', 'default');
    const body = [{ op: 'replace', path: '/endpoints/0/conditions/ready', value: false }];
    const name = slice?.metadata.name ?? '';
    kube.patch('endpointslices.discovery.k8s.io', 'default', name, { type: 'json', body }, person);
  }
}

/** A case in which something more is asked for than in a plain run. */
interface Situation {
  readonly name: string;
  readonly of: readonly Command[];
  readonly arrange?: (stage: Stage) => void;
  readonly scenario?: ScenarioName;
  readonly words?: (line: string) => string;
}

const situations: readonly Situation[] = [
  { name: 'plain', of: [...serving, repair] },
  {
    name: 'pods that are not ready',
    of: [...serving, repair],
    arrange: (stage) => notReady(stage),
  },
  { name: 'instance targets', of: [...serving, repair], scenario: 'instance' },
  {
    name: 'a target that has lost its endpoint',
    of: [disable],
    arrange: ({ world }) => {
      recordMore(world, PRI, ['10.0.65.200']);
      register(world, ['10.0.65.200']);
    },
  },
  {
    name: 'a tracked target that has lost its endpoint',
    of: leaves,
    arrange: ({ world }) => {
      const { kube } = world.cluster(SEC);
      const [map] = kube
        .list('configmaps', 'default')
        .filter(({ metadata }) => metadata.name.startsWith('aws-lbc-targets-'));
      const { targets } = map!['data'] as { targets: string };
      const body = { data: { targets: `${targets},10.0.65.200:80` } };
      kube.patch(
        'configmaps',
        'default',
        map?.metadata.name ?? '',
        { type: 'merge', body },
        person,
      );
      register(world, ['10.0.65.200']);
    },
  },
  {
    name: 'a ConfigMap that is missing',
    of: [leave],
    words: (line) => `${line} --accept-removing=2`,
    arrange: ({ world }) => {
      const { kube } = world.cluster(SEC);
      const [map] = kube
        .list('configmaps', 'default')
        .filter(({ metadata }) => metadata.name.startsWith('aws-lbc-targets-'));
      kube.delete('configmaps', 'default', map?.metadata.name ?? '', person);
    },
  },
  {
    name: 'the Service that join made',
    of: leaves,
    words: (line) => `${line} --delete-service`,
    arrange: ({ world }) => {
      const body = { metadata: { labels: { 'app.kubernetes.io/managed-by': 'nlbmc' } } };
      const { kube } = world.cluster(SEC);
      kube.patch('services', 'default', 'nginx', { type: 'merge', body }, person);
    },
  },
  {
    name: 'a webhook configuration that stands',
    of: [leaveDead],
    arrange: ({ world }) => {
      const { kube } = world.cluster(SEC);
      kube.create(
        'validatingwebhookconfigurations.admissionregistration.k8s.io',
        {
          apiVersion: 'admissionregistration.k8s.io/v1',
          kind: 'ValidatingWebhookConfiguration',
          metadata: { name: 'aws-load-balancer-webhook' },
          webhooks: [
            {
              name: 'vtargetgroupbinding.elbv2.k8s.aws',
              admissionReviewVersions: ['v1'],
              clientConfig: {},
              sideEffects: 'None',
              rules: [],
            },
          ],
        },
        person,
      );
    },
  },
  { name: 'a cluster that is gone', of: [purge], arrange: ({ world }) => loseSecondary(world) },
  {
    name: 'a cluster that is gone, and pods that are not ready',
    of: [purge],
    arrange: (stage) => {
      loseSecondary(stage.world);
      notReady(stage, [PRI]);
    },
  },
  {
    name: 'instances of a cluster that is gone',
    of: [purge],
    scenario: 'instance',
    arrange: ({ world }) => loseSecondary(world),
  },
  {
    name: 'a binding that was deleted',
    of: [repair],
    arrange: ({ world }) => {
      const { kube } = world.primary;
      const name = kube.list(BINDINGS)[0]?.metadata.name ?? '';
      kube.delete(BINDINGS, 'default', name, person);
      world.settle();
    },
  },
  {
    name: 'endpoints that somebody took out',
    of: [repair],
    arrange: ({ world }) => void deregister(world, addresses(world, SEC)),
  },
  {
    name: 'a target that has lost its endpoint, to be let go',
    of: [repair],
    arrange: ({ world }) => {
      recordMore(world, PRI, ['10.0.65.200']);
      register(world, ['10.0.65.200']);
      world.clock.advance(600_000);
    },
  },
  {
    name: 'a record that outlived its binding',
    of: [repair],
    arrange: ({ world }) => {
      const { kube } = world.cluster(SEC);
      kube.delete(BINDINGS, 'default', 'nginx', person);
      world.clock.advance(600_000);
      const metadata = { name: 'aws-lbc-targets-nginx', namespace: 'default' };
      const data = { targets: '10.0.65.200:80' };
      kube.create('configmaps', { apiVersion: 'v1', kind: 'ConfigMap', metadata, data }, person);
    },
  },
  {
    name: 'a Service that is not there',
    of: commands,
    words: (line) => line.replace('nginx', 'nginy'),
  },
  {
    name: 'bindings that have outlived their Services',
    of: [list],
    arrange: ({ world }) => {
      const { kube } = world.cluster(SEC);
      kube.delete('services', 'default', 'nginx', person);
      const body = { metadata: { finalizers: null } };
      const primary = world.cluster(PRI).kube;
      primary.patch('services', 'default', 'nginx', { type: 'merge', body }, person);
      primary.delete('services', 'default', 'nginx', person);
    },
  },
  {
    name: 'a Service to be created',
    of: [join],
    words: (line) => `${line} --create-service`,
    arrange: ({ world }) => world.cluster(SEC).kube.delete('services', 'default', 'nginx', person),
  },
  {
    name: 'targets of a cluster that is not listed',
    of: [verify, show, list],
    words: (line) => line.replace(`,${SEC}`, ''),
  },
  {
    name: 'bindings that may be listed in one namespace only',
    of: [verify, list],
    arrange: ({ world }) => {
      const resource = 'targetgroupbindings.elbv2.k8s.aws';
      for (const name of [PRI, SEC])
        world.cluster(name).kube.access.deny({ resource, namespace: null });
    },
  },
  {
    name: 'instances of a cluster that is not listed',
    of: [verify, show, list],
    scenario: 'instance',
    words: (line) => line.replace(`,${SEC}`, ''),
  },
];

/** Runs a command in a situation: its exit code, and what it asked for. */
async function runIn(stage: Stage, { line }: Command, { words }: Situation) {
  const from = stage.world.journal.entries.length;
  const { code } = await stage.nlbmc(words?.(line) ?? line);
  return { code, requests: stage.requests(from) };
}

const onStageOf = <T>(
  { before, arrange: first }: Command,
  { arrange, scenario }: Situation,
  act: (stage: Stage) => Promise<T>,
): Promise<T> =>
  onStage(
    before,
    (stage) => {
      first?.(stage);
      arrange?.(stage);
      return act(stage);
    },
    scenario,
  );

/** A rule that takes away the right that a request needed. */
function withoutRight(entry: JournalEntry): FaultRule {
  const { world, cluster, verb = '', action = '' } = entry;
  const [word, resource] = rightOf(entry).split(' ');
  const match =
    world === 'aws'
      ? new RegExp(`^${action.replace('.', '\\.')}$`)
      : new RegExp(
          `^${verb} .*/${resource}${word === 'list' || word === 'create' ? '' : '/[^/?]+'}(\\?|$)`,
        );
  return { world, ...(cluster && { cluster }), match, kind: 'status', status: 403 };
}

describe('docs/rights.md', () => {
  test.each(commands)(
    'names every request of $name, and what comes of it without the right',
    async (command) => {
      const seen = new Set<string>();
      const wrong: string[] = [];
      for (const situation of situations.filter(({ of }) => of.includes(command))) {
        const run = await onStageOf(command, situation, (stage) =>
          runIn(stage, command, situation),
        );
        // Which kinds there are may be read by everybody.
        const asked = run.requests.filter((entry) => !rightOf(entry).includes('/apis/'));
        const fresh = new Map(asked.map((entry) => [keyOf(entry), entry]));
        const unseen = [...fresh].filter(([key]) => !seen.has(key));
        for (const [key] of unseen) seen.add(key);
        const todo = unseen.filter(([key]) => isTaken(command, key));
        // A run that wrote nothing leaves the stage as it was for the next right.
        while (todo.length > 0) {
          await onStageOf(command, situation, async (stage) => {
            for (let wrote = false; !wrote;) {
              const [key, entry] = todo.shift() ?? [];
              if (key === undefined || entry === undefined) return;
              const giveBack = stage.world.faults.add(withoutRight(entry));
              const { code, requests } = await runIn(stage, command, situation);
              giveBack();
              wrote = requests.some(({ mutating, status }) => mutating && status < 300);
              const needed = [5, 8].includes(code) && !wrote;
              const as = code === run.code ? 'improves' : needed ? 'needed' : `exit ${code}`;
              const cell = cellOf(command, entry);
              if (as !== cell.replace('sometimes', 'needed'))
                wrong.push(`${situation.name}: ${key}: ${cell} on the page, ${as} in fact`);
            }
          });
        }
      }
      expect(wrong).toEqual([]);

      const kube = Object.entries(command.kube).flatMap(([cluster, column]) =>
        rowsOf(command)
          .filter(({ right, cells }) => right.includes(' ') && cells[column])
          .map(({ right }) => `${cluster} ${right}`),
      );
      const aws = rowsOf(command)
        .filter(({ right, cells }) => right.includes(':') && cells[command.aws])
        .map(({ right }) => ` ${right}`);
      expect([...seen].toSorted()).toEqual([...kube, ...aws].toSorted());
    },
  );

  test('names what verify --rollout asks for besides', () =>
    onStage('joined', async ({ nlbmc, requests, world }) => {
      const said =
        /`verify --rollout` needs besides: (\w+ \w+),[^.]*\.\sWhat improves it is (\w+ \w+)\./.exec(
          readPage('docs/rights.md'),
        );
      const line = `${VERIFY} --rollout`;
      await nlbmc(VERIFY);
      const plain = new Set(requests().map(({ path }) => path?.split('?')[0]));
      await nlbmc(line);
      const more = requests().filter(({ path }) => !plain.has(path?.split('?')[0]));
      expect(new Set(more.map(rightOf))).toEqual(new Set(said?.slice(1)));
      for (const entry of more) {
        const giveBack = world.faults.add({
          world: 'kube',
          cluster: entry.cluster ?? '',
          match: new RegExp(`/namespaces/default/${rightOf(entry).split(' ')[1]}\\?`),
          kind: 'status',
          status: 403,
        });
        const { code } = await nlbmc(line);
        giveBack();
        expect([rightOf(entry), code]).toEqual([
          rightOf(entry),
          rightOf(entry) === said?.[1] ? 8 : 0,
        ]);
      }
    }));
});
