import { aboutService } from '../checks/service-case.ts';
import { rulesFor, typeOf } from './binding-rules.ts';
import {
  adoptedBinding,
  changesOf,
  isOurWork,
  metadataChanges,
  newBinding,
} from './binding-document.ts';
import type { TargetGroup } from '../model/aws.ts';
import type { Derived } from './derived-networking.ts';
import { type EligibleTarget } from '../observed/eligibility.ts';
import { bindingsOf } from '../observed/enrollment.ts';
import { flavourToMake } from '../model/flavours.ts';
import { nameText, sameName, serviceOf } from '../model/kubernetes.ts';
import type { JoinIntent } from '../model/intent.ts';
import type { Binding, Service, ServicePort, TargetType } from '../model/kubernetes.ts';
import type { ClusterView } from '../model/cluster-view.ts';
import type { MatchedPort, UnmatchedPort } from './match-ports.ts';
import { eligibleFor, readingOf } from '../observed/member.ts';
import { bindingName } from '../model/names.ts';
import type { Observed } from '../observed/observed.ts';
import type { Enrollment } from '../observed/owner.ts';
import type { KubeDocument } from '../plan/plan.ts';
import { type About, known, type Reading } from '../model/problem.ts';
import { portLabel, portNumber, portReference, sharesNumber } from '../model/service-ports.ts';
import type { TrackedTargets } from '../model/target.ts';
import type { Templates } from '../model/templates.ts';
import { keepsRecordsApart, sharesMemory } from '../observed/tracking-collision.ts';

/** One port of an enrollment, seen from the cluster that joins. */
export interface JoinPort extends MatchedPort {
  readonly group: Reading<TargetGroup>;
  readonly targetType: TargetType;
  /** All local bindings on the target group. */
  readonly local: readonly Binding[];
  /** Those of them that are for the local Service and this port. */
  readonly ours: readonly Binding[];
  /** Name of the binding, there or to be made; undefined: all names are taken. */
  readonly name: string | undefined;
  readonly eligible: Reading<readonly EligibleTarget[]>;
  /** What a ConfigMap of the binding's name lists. */
  readonly tracked: Reading<TrackedTargets>;
  /** What the rules were made from, where no other member shows them. */
  readonly derived?: Derived;
  /** What a TCP_UDP target group needs beside the port: the one of that number with the other protocol. */
  readonly beside?: ServicePort | undefined;
  /** The binding as it should be; undefined while the port, the group, its rules or a name is missing. */
  readonly document: KubeDocument | undefined;
  /** What the document changes on a binding that is there. */
  readonly changes: readonly { path: string; before: unknown; after: unknown }[];
}

/** The cluster that was named as enrolled already, with its Service and who owns the load balancer. */
export interface EnrolledCluster {
  readonly cluster: ClusterView;
  readonly service: Service;
  readonly enrollment: Enrollment;
}

/** Everything that is looked at when a cluster joins. */
export interface JoinCase {
  readonly observed: Observed;
  readonly intent: JoinIntent;
  /** Undefined: the load balancer or its target groups were named instead. */
  readonly enrolled: EnrolledCluster | undefined;
  readonly joining: ClusterView;
  /** The local Service: the one that is there, or else the one that would be made. */
  readonly localService: Service;
  readonly toBeCreated: boolean;
  readonly ports: readonly JoinPort[];
  /** Ports of the local Service that have no target group. */
  readonly unmatched: readonly UnmatchedPort[];
}

/** What a problem of the local Service is about. */
export const aboutLocal = ({ joining, localService }: JoinCase): About =>
  aboutService({ cluster: joining, service: localService });

/** The port as `--ports` names it; undefined: the local Service lacks it, or a part of it. */
export function portOption(
  local: Service,
  { localPort, beside, group }: JoinPort,
): string | undefined {
  const both = group.ok && group.value.protocol === 'TCP_UDP';
  if (!localPort || (both && !beside)) return undefined;
  return both ? String(localPort.port) : portLabel(local, localPort);
}

/** Whether something else has the name, or a tracked set that the controller confuses with its own. */
function isTaken(joining: ClusterView, namespace: string, ours: readonly Binding[]) {
  const bindings = joining.bindings.ok ? joining.bindings.value : [];
  const others = bindings.filter((binding) => !ours.includes(binding));
  const apart = keepsRecordsApart(joining) === 'yes';
  return (name: string): boolean =>
    others.some(
      (other) =>
        sameName(other, { namespace, name }) ||
        (!apart && other.multiCluster && sharesMemory(other, { namespace, name })),
    );
}

/** Whether a binding that is not seen, or a controller that is not known, may confuse a plain name. */
const isInDoubt = (joining: ClusterView): boolean => {
  const apart = keepsRecordsApart(joining);
  return apart === 'unknown' || (apart === 'no' && joining.bindingsScope !== 'cluster');
};

export const familyOf = (
  group: Reading<TargetGroup>,
  binding: Binding | undefined,
): Binding['ipFamily'] => (group.ok ? group.value.ipFamily : (binding?.ipFamily ?? 'ipv4'));

/** The other of the two ports that a TCP_UDP target group takes. */
const besideOf = (local: Service, { port, protocol }: ServicePort): ServicePort | undefined =>
  local.ports.find((one) => one.port === port && one.protocol !== protocol);

/** Whether a group takes the UDP one of two ports with one number: its binding's name says so. */
const takesOnly = (group: Reading<TargetGroup>, local: Service, port: ServicePort): boolean =>
  group.ok &&
  group.value.protocol === 'UDP' &&
  port.protocol === 'UDP' &&
  sharesNumber(local, port);

/**
 * Gathers what is known of one port. `count`: target groups of the enrollment; `used`: names that
 * the bindings of other ports get.
 */
export function joinPort(
  port: MatchedPort,
  o: Pick<JoinCase, 'observed' | 'intent' | 'joining' | 'localService' | 'toBeCreated'> & {
    readonly templates: Templates;
    readonly count: number;
    readonly used: readonly string[];
  },
): JoinPort {
  const { observed, joining, localService, templates } = o;
  const { arn, localPort, pattern } = port;
  const group = readingOf(observed.targetGroups, arn, `Target group ${arn}`);
  const there = bindingsOf(joining, arn);
  const number = localPort?.port ?? port.port;
  const ours = there.filter(
    (candidate) =>
      sameName(serviceOf(candidate), localService) &&
      candidate.stack === undefined &&
      // Of two ports with one number it may name the other: that is a difference, no stranger.
      portNumber(localService, candidate.servicePort) === number,
  );
  const namespace = localService.namespace;
  const taken = isTaken(joining, namespace, ours);
  const name =
    ours[0]?.name ??
    bindingName({
      service: localService.name,
      port: number,
      ports: o.count,
      arn,
      ...(localPort && takesOnly(group, localService, localPort) ? { protocol: 'udp' } : {}),
      taken: (wanted) => o.used.includes(wanted) || taken(wanted),
      hashed: isInDoubt(joining),
    });
  const ipFamily = familyOf(group, pattern?.binding);
  const targetType = typeOf(group, pattern);
  const { derived, rules } = group.ok ? rulesFor(o, port, group.value) : {};
  const complete = derived === undefined || derived.kind === 'rules';
  const both = group.ok && group.value.protocol === 'TCP_UDP';
  // Either of the two leads to the targets of both: the number does, as in bindings that LBC makes.
  const servicePort = localPort && !both ? portReference(localService, localPort) : number;
  const facts =
    name !== undefined && localPort && group.ok && complete
      ? {
          name: { namespace, name },
          flavour: ours[0]?.flavour ?? flavourToMake(joining.servedFlavours),
          service: localService.name,
          port: servicePort,
          arn,
          targetType,
          nodeSelector: pattern?.binding.nodeSelector,
          ipFamily,
          networking: rules,
          added: o.intent,
          kept: ours[0]?.applied,
        }
      : undefined;
  const document =
    facts &&
    (ours[0] && !isOurWork(ours[0])
      ? adoptedBinding(templates.binding, facts)
      : newBinding(templates.binding, facts));
  const selector = pattern?.binding.nodeSelector;
  return {
    ...port,
    group,
    targetType,
    local: there,
    ours,
    name,
    ...(derived ? { derived } : {}),
    ...(both && localPort ? { beside: besideOf(localService, localPort) } : {}),
    eligible: o.toBeCreated
      ? known([])
      : eligibleFor(
          joining,
          {
            targetType,
            servicePort,
            ipFamily,
            ...(selector ? { nodeSelector: selector } : {}),
          },
          localService,
        ),
    tracked:
      name === undefined
        ? known({ kind: 'missing' })
        : readingOf(
            joining.tracked,
            nameText({ namespace, name }),
            `The tracked targets of ${nameText({ namespace, name })} in ${joining.context}`,
          ),
    document,
    changes:
      document && ours[0]
        ? [
            ...(isOurWork(ours[0]) ? metadataChanges(o.intent, ours[0]) : []),
            ...changesOf(document, ours[0], localService),
          ]
        : [],
  };
}
