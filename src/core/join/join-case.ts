import { adoptedBinding, changesOf, isOurWork, newBinding } from './binding-document.ts';
import type { TargetGroup } from '../model/aws.ts';
import type { EligibleTarget } from '../observed/eligibility.ts';
import { bindingsOf, ownBindings } from '../observed/enrollment.ts';
import { flavourToMake } from '../model/flavours.ts';
import { nameText, sameName } from '../model/kubernetes.ts';
import { serviceOf } from '../observed/facts.ts';
import type { JoinIntent } from '../model/intent.ts';
import type { Binding, Service, ServicePort } from '../model/kubernetes.ts';
import type { ClusterView } from '../model/cluster-view.ts';
import { eligibleFor, memberOf, readingOf, type Member } from '../observed/member.ts';
import { bindingName } from '../model/names.ts';
import { localNetworking } from '../observed/networking.ts';
import type { Observed } from '../observed/observed.ts';
import type { KubeDocument } from '../plan/plan.ts';
import { known, type Reading } from '../model/problem.ts';
import { plannedService } from '../enable/service-document.ts';
import { portNumber, portOf } from '../model/service-ports.ts';
import type { TrackedTargets } from '../model/target.ts';
import type { Templates } from '../model/templates.ts';
import { keepsRecordsApart, sharesMemory } from '../observed/tracking-collision.ts';

/** One port of an enrollment, seen from the cluster that joins. */
export interface JoinPort {
  readonly port: number;
  readonly primary: Member;
  readonly group: Reading<TargetGroup>;
  readonly localPort: ServicePort | undefined;
  /** All local bindings on the target group. */
  readonly local: readonly Binding[];
  /** Those of them that are for the local Service and this port. */
  readonly ours: readonly Binding[];
  /** Name of the binding, there or to be made; undefined: all names are taken. */
  readonly name: string | undefined;
  readonly eligible: Reading<readonly EligibleTarget[]>;
  /** What a ConfigMap of the binding's name lists. */
  readonly tracked: Reading<TrackedTargets>;
  /** The binding as it should be; undefined while the port, the group or a name is missing. */
  readonly document: KubeDocument | undefined;
  /** What the document changes on a binding that is there. */
  readonly changes: readonly { path: string; before: unknown; after: unknown }[];
}

/** Everything that is looked at when a cluster joins. */
export interface JoinCase {
  readonly observed: Observed;
  readonly intent: JoinIntent;
  readonly primary: ClusterView;
  readonly secondary: ClusterView;
  /** The primary's Service. */
  readonly service: Service;
  /** The local Service: the one that is there, or else the one that would be made. */
  readonly localService: Service;
  readonly toBeCreated: boolean;
  readonly ports: readonly JoinPort[];
}

/** Whether something else has the name, or a tracked set that the controller confuses with its own. */
function isTaken(secondary: ClusterView, namespace: string, ours: readonly Binding[]) {
  const bindings = secondary.bindings.ok ? secondary.bindings.value : [];
  const others = bindings.filter((binding) => !ours.includes(binding));
  const apart = keepsRecordsApart(secondary) === 'yes';
  return (name: string): boolean =>
    others.some(
      (other) =>
        sameName(other, { namespace, name }) ||
        (!apart && other.multiCluster && sharesMemory(other, { namespace, name })),
    );
}

/** Whether a binding that is not seen, or a controller that is not known, may confuse a plain name. */
const isInDoubt = (secondary: ClusterView): boolean => {
  const apart = keepsRecordsApart(secondary);
  return apart === 'unknown' || (apart === 'no' && secondary.bindingsScope !== 'cluster');
};

/** Gathers what a join looks at. The Services, bindings and both clusters have been read. */
export function joinCase(
  observed: Observed,
  intent: JoinIntent,
  templates: Templates,
  found: Pick<JoinCase, 'primary' | 'secondary' | 'service'> & { local: Service | undefined },
): JoinCase {
  const { primary, secondary, service, local } = found;
  const shared = ownBindings(primary, service);
  const [first] = shared;
  const familyOf = (binding: Binding | undefined): Binding['ipFamily'] => {
    const group = binding && observed.targetGroups[binding.targetGroupArn];
    return group?.ok ? group.value.ipFamily : (binding?.ipFamily ?? 'ipv4');
  };
  const localService =
    local ??
    plannedService({
      name: intent.localService,
      primary: service,
      targetType: first?.targetType ?? 'ip',
      ipFamily: familyOf(first),
    });
  const ports = shared.map((binding): JoinPort => {
    const member = memberOf(observed, primary, binding);
    const arn = binding.targetGroupArn;
    const port = Number(portNumber(service, binding.servicePort));
    const group = readingOf(observed.targetGroups, arn, `Target group ${arn}`);
    const localPort = portOf(localService, port);
    const primaryPort = portOf(service, port);
    const there = bindingsOf(secondary, arn);
    const ours = there.filter(
      (candidate) =>
        sameName(serviceOf(candidate), localService) &&
        portNumber(localService, candidate.servicePort) === port,
    );
    const namespace = localService.namespace;
    const name =
      ours[0]?.name ??
      bindingName({
        service: localService.name,
        port,
        ports: shared.length,
        arn,
        taken: isTaken(secondary, namespace, ours),
        hashed: isInDoubt(secondary),
      });
    const facts =
      name !== undefined && localPort && primaryPort && group.ok
        ? {
            name: { namespace, name },
            flavour: ours[0]?.flavour ?? flavourToMake(secondary.servedFlavours),
            service: localService.name,
            port,
            primary: binding,
            ipFamily: familyOf(binding),
            networking:
              binding.networking &&
              localNetworking({
                rules: binding.networking,
                targetType: binding.targetType,
                primaryPort,
                localPort,
                healthCheckPort: group.value.healthCheck.port,
              }),
          }
        : undefined;
    const document =
      facts &&
      (ours[0] && !isOurWork(ours[0])
        ? adoptedBinding(templates.binding, facts)
        : newBinding(templates.binding, facts));
    return {
      port,
      primary: member,
      group,
      localPort,
      local: there,
      ours,
      name,
      eligible: local
        ? eligibleFor(
            secondary,
            { ...binding, servicePort: port, ipFamily: familyOf(binding) },
            local,
          )
        : known([]),
      tracked:
        name === undefined
          ? known({ kind: 'missing' })
          : readingOf(
              secondary.tracked,
              nameText({ namespace, name }),
              `The tracked targets of ${nameText({ namespace, name })} in ${secondary.context}`,
            ),
      document,
      changes: document && ours[0] ? changesOf(document, ours[0], localService) : [],
    };
  });
  return {
    observed,
    intent,
    primary,
    secondary,
    service,
    localService,
    toBeCreated: local === undefined,
    ports,
  };
}
