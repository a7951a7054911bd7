import { planDisable } from '../../src/core/disable/plan-disable.ts';
import { planLeave } from '../../src/core/leave/plan-leave.ts';
import { advice } from '../../src/core/model/hint.ts';
import { known } from '../../src/core/model/problem.ts';
import { planPurge } from '../../src/core/purge/plan-purge.ts';
import { planReplace } from '../../src/core/replace/plan-replace.ts';
import { planRepair } from '../../src/core/repair/plan-repair.ts';
import {
  arnOf,
  endpointsAt,
  service,
  serviceWith,
  type ClusterBuilder,
} from '../core/cluster-builder.ts';
import { crossZone, intent, member, ours, plan, world } from '../core/leaving.ts';
import {
  enabledPrimary,
  joinedSecondary,
  observed,
  primaryTargets,
  secondaryTargets,
  templates,
  unreadable,
  type WorldParts,
} from '../core/world.ts';
import { intent as joinIntent } from '../core/joining.ts';
import { saidBy, type Situations, thrownBy } from './situations.ts';

const both = [...primaryTargets, ...secondaryTargets];
const mine = member().editService({ labels: ours });

const leaving =
  (...parts: Parameters<typeof plan>) =>
  () =>
    saidBy(plan(...parts));

const disabling =
  (clusters: readonly ClusterBuilder[], more: readonly string[] = []) =>
  () =>
    saidBy(
      planDisable(observed({ clusters, targets: { 80: [...primaryTargets, ...more] } }), {
        service,
        context: 'pri',
        allowDeletion: true,
        exclusive: true,
      }),
    );

const purging =
  (target: string, addressEvidence: WorldParts['addressEvidence'], vpcs?: WorldParts['vpcs']) =>
  () => {
    const clusters = [enabledPrimary()];
    const targets = { 80: [...primaryTargets, target] };
    const o = observed({
      clusters,
      targets,
      addressEvidence: addressEvidence ?? {},
      ...(vpcs ? { vpcs } : {}),
    });
    const made = planPurge(o, { service });
    // What EC2 cannot tell is skipped target by target, with a hint.
    return [...saidBy(made), ...made.skips];
  };

/** The secondary lost an endpoint, and its record has one target more. */
const repairing = (addressEvidence: NonNullable<WorldParts['addressEvidence']>) => () =>
  saidBy(
    planRepair(
      observed({
        clusters: [
          enabledPrimary(),
          joinedSecondary()
            .editBindings({ checkpoint: 'x/y' })
            .tracks('nginx', [...secondaryTargets, '10.0.9.9:80'].join()),
        ],
        targets: { 80: [...both.slice(0, -1), '10.0.9.9:80 unhealthy'] },
        addressEvidence,
      }),
      { service, knownTargets: [], allowUnprotected: false },
    ),
  );

export const whileLeaving: Situations = {
  'the primary itself': leaving(member().editBindings({ stack: { kind: 'service', ...service } })),
  'the last healthy targets': leaving(member(), { minHealthy: 4 }),
  'an exclusive binding': leaving(member().editBindings({ multiCluster: false })),
  'no record': leaving(member().tracks('nginx', undefined)),
  'an address of the primary on the record': leaving(
    member().tracks('nginx', [...secondaryTargets, '10.0.1.1:80'].join()),
  ),
  'one cluster under two names': leaving(member().with({ identity: known('uid-pri') })),
  'a controller that is down': leaving(member().controller({ readyReplicas: 0 })),
  'a controller that was not found': leaving(
    member().with({ controller: known({ deployments: [] }) }),
  ),
  'a controller that runs and should not': leaving(member(), { withoutController: true }),
  'a binding that a person made': leaving(joinedSecondary()),
  'a Service that a person made': leaving(member(), { deleteService: true }),
  'a Service that another binding needs': leaving(
    mine.binding({ name: 'more', targetGroupArn: arnOf(81), multiCluster: true }),
    { deleteService: true },
  ),
  'a Service with a name that external-dns keeps': leaving(
    member().editService({
      labels: ours,
      annotations: { 'external-dns.alpha.kubernetes.io/hostname': 'web.example' },
    }),
    { deleteService: true },
  ),
  'a primary that names no target group': leaving(
    member(),
    {},
    { pri: enabledPrimary().with({ bindings: known([]) }) },
  ),
  'a cluster with two other Services on the target group': () => {
    const web = { namespace: 'default', name: 'web' };
    const next = { namespace: 'default', name: 'next' };
    const found = member()
      .editBindings({ serviceName: 'web' })
      .binding({ name: 'next', serviceName: 'next', multiCluster: true })
      .tracks('next', '');
    const named = found.with({
      services: {
        ...found.view.services,
        'default/web': known(serviceWith(web)),
        'default/next': known(serviceWith(next)),
      },
    });
    const read = named.endpoints([], 'default/web').endpoints([], 'default/next');
    return saidBy(planLeave(world(read), intent));
  },
  'a target group that the Service is not bound to': () => {
    const { primary: _, ...alone } = intent;
    const seen = world(member(), { targets: { 80: both, 81: [] } });
    return saidBy(planLeave(seen, { ...alone, targetGroups: [arnOf(81)] }));
  },
  'two bindings that an old controller confuses': leaving(
    member()
      .controller({ version: '3.4.3' })
      .editBindings({ name: 'web-nginx', labels: ours })
      .tracks('web-nginx', '')
      .binding({
        namespace: 'default-web',
        name: 'nginx',
        multiCluster: true,
        targetGroupArn: arnOf(81),
      }),
  ),
  'nothing that names a target group': () => {
    const read = member().with({ services: { 'default/other': known(undefined) } });
    const { primary: _, ...alone } = intent;
    const localService = { namespace: 'default', name: 'other' };
    return thrownBy(() =>
      planLeave({ ...world(member()), clusters: [read.view] }, { ...alone, localService }),
    );
  },
};

export const whileDisabling: Situations = {
  'protection and record': disabling([enabledPrimary()]),
  'a cluster that is enrolled': disabling([enabledPrimary(), joinedSecondary()], secondaryTargets),
  'targets of others': disabling([enabledPrimary()], secondaryTargets),
};

const held = { networkInterface: 'eni-1', instance: 'i-1', vpcId: 'vpc-1', gone: false };

export const whilePurging: Situations = {
  'targets of nobody': purging('10.0.2.1:80 unhealthy', { '10.0.2.1': { gone: true } }),
  'a target that serves': purging('10.0.2.1:80', { '10.0.2.1': { gone: true } }),
  'a target of a cluster that is not listed': purging('10.0.2.1:80 unhealthy', {
    '10.0.2.1': { ...held, cluster: 'sec' },
  }),
  'a VPC that could not be read': purging(
    '10.0.2.1:80 unhealthy',
    { '10.0.2.1': { gone: true } },
    {
      'vpc-1': unreadable({
        code: 'aws-denied',
        message: 'No.',
        hints: [advice('Allow it.')],
      }),
    },
  ),
};

export const whileReplacing: Situations = {
  'a new cluster that verify does not call ready': () => {
    const fresh = ['10.0.3.1:80', '10.0.3.2:80'];
    const stray = '10.0.3.9:80';
    const young = joinedSecondary('new')
      .endpoints(endpointsAt(['10.0.3.1', '10.0.3.2']))
      .tracks('nginx', [...fresh, stray].join());
    const o = observed({
      clusters: [enabledPrimary(), member(), young],
      targets: { 80: [...both, ...fresh, `${stray} unhealthy`] },
      group: { attributes: crossZone(true) },
    });
    const joins = { ...joinIntent, context: 'new' };
    const replacements = [{ leaves: intent, joins }];
    return saidBy(planReplace(o, { others: [], replacements }, templates));
  },
};

export const whileRepairing: Situations = {
  'an address that another cluster has': repairing({
    '10.0.9.9': { gone: false, cluster: 'third' },
  }),
  'an address that nobody can be asked about': repairing({}),
};
