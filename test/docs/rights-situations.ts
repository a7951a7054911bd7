import type { ScenarioName } from '../../src/sandbox/scenarios/scenarios.ts';
import { loseSecondary } from '../commands/gone.ts';
import {
  addresses,
  BINDINGS,
  deregister,
  person,
  recordMore,
  register,
} from '../commands/repair-acts.ts';
import { PRI, SEC, type Stage } from '../laws/stage.ts';
import {
  type Command,
  commands,
  disable,
  join,
  leave,
  leaveDead,
  leaves,
  list,
  purge,
  repair,
  serving,
  show,
  verify,
} from './rights-table.ts';

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
export interface Situation {
  readonly name: string;
  readonly of: readonly Command[];
  readonly arrange?: (stage: Stage) => void;
  readonly scenario?: ScenarioName;
  readonly words?: (line: string) => string;
}

/** Each is played with the commands that it is `of`. */
export const situations: readonly Situation[] = [
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
