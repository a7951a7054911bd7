import { adoptedBinding, changesOf, isOurWork, newBinding } from './binding-document.ts';
import type { TargetGroup } from '../model/aws.ts';
import { type Derived, derivedNetworking } from './derived-networking.ts';
import { type EligibleTarget } from '../observed/eligibility.ts';
import { bindingsOf } from '../observed/enrollment.ts';
import { flavourToMake } from '../model/flavours.ts';
import { nameText, sameName, serviceOf } from '../model/kubernetes.ts';
import type { JoinIntent } from '../model/intent.ts';
import type {
  Binding,
  NetworkingRule,
  Service,
  ServicePort,
  TargetType,
} from '../model/kubernetes.ts';
import type { ClusterView } from '../model/cluster-view.ts';
import type { MatchedPort, UnmatchedPort } from './match-ports.ts';
import { eligibleFor, readingOf, type Member } from '../observed/member.ts';
import { bindingName } from '../model/names.ts';
import { localNetworking } from '../observed/networking.ts';
import type { Observed } from '../observed/observed.ts';
import type { Enrollment } from '../observed/owner.ts';
import type { KubeDocument } from '../plan/plan.ts';
import { known, type Reading, valueOf } from '../model/problem.ts';
import { portNumber, portOf } from '../model/service-ports.ts';
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

/** Of the binding that names the group; else as AWS has it, where it is one that bindings can have. */
const typeOf = (group: Reading<TargetGroup>, pattern: Member | undefined): TargetType =>
  pattern?.binding.targetType ??
  (group.ok && group.value.targetType === 'instance' ? 'instance' : 'ip');

/** The port behind a pattern's rules, where its Service is known. */
const patternPort = ({ service, binding }: Member): ServicePort | undefined => {
  const found = valueOf(service);
  return found && portOf(found, binding.servicePort);
};

/** The rules of the binding: as another member has them, or made from the load balancer. */
function rulesFor(
  { observed, intent }: Pick<JoinCase, 'observed' | 'intent'>,
  port: MatchedPort,
  group: TargetGroup,
): { readonly derived?: Derived; readonly rules?: readonly NetworkingRule[] | undefined } {
  const { pattern, localPort } = port;
  if (intent.networking === false || !localPort) return { rules: undefined };
  const targetType = typeOf(known(group), pattern);
  if (pattern) {
    const { networking } = pattern.binding;
    return {
      rules:
        networking &&
        localNetworking({
          rules: networking,
          targetType,
          primaryPort: patternPort(pattern) ?? localPort,
          localPort,
          healthCheckPort: group.healthCheck.port,
        }),
    };
  }
  const { loadBalancer, vpcs } = observed;
  if (!loadBalancer.ok) return { derived: { kind: 'unread' } };
  const derived = derivedNetworking({
    balancer: loadBalancer.value,
    group,
    vpc: group.vpcId === undefined ? undefined : vpcs?.[group.vpcId],
    targetType,
    localPort,
    fromCidrs: intent.fromCidrs ?? [],
  });
  return derived.kind === 'rules' ? { derived, rules: derived.rules } : { derived };
}

/** Gathers what is known of one port. */
export function joinPort(
  port: MatchedPort,
  count: number,
  o: Pick<JoinCase, 'observed' | 'intent' | 'joining' | 'localService' | 'toBeCreated'> & {
    readonly templates: Templates;
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
      portNumber(localService, candidate.servicePort) === number,
  );
  const namespace = localService.namespace;
  const name =
    ours[0]?.name ??
    bindingName({
      service: localService.name,
      port: number,
      ports: count,
      arn,
      taken: isTaken(joining, namespace, ours),
      hashed: isInDoubt(joining),
    });
  const ipFamily = familyOf(group, pattern?.binding);
  const targetType = typeOf(group, pattern);
  const { derived, rules } = group.ok ? rulesFor(o, port, group.value) : {};
  const complete = derived === undefined || derived.kind === 'rules';
  const facts =
    name !== undefined && localPort && group.ok && complete
      ? {
          name: { namespace, name },
          flavour: ours[0]?.flavour ?? flavourToMake(joining.servedFlavours),
          service: localService.name,
          port: number,
          arn,
          targetType,
          nodeSelector: pattern?.binding.nodeSelector,
          ipFamily,
          networking: rules,
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
    eligible: o.toBeCreated
      ? known([])
      : eligibleFor(
          joining,
          {
            targetType,
            servicePort: number,
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
    changes: document && ours[0] ? changesOf(document, ours[0], localService) : [],
  };
}
