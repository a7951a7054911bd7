import { clusterChecks } from './clusters.ts';
import { joinCase } from './join-case.ts';
import { joinedBindingChecks } from './local-binding.ts';
import { localServiceChecks } from './local-service.ts';
import { type Found, merged, runChecks } from '../plan/check.ts';
import { serviceMissing } from '../checks/service.ts';
import { bindingsOf, ownBindings } from '../observed/enrollment.ts';
import { serviceOf } from '../observed/facts.ts';
import type { Binding, ClusterView, ObjectName, Service } from '../model/kubernetes.ts';
import { nameText, sameName } from '../model/kubernetes.ts';
import { describeHint } from '../model/hint.ts';
import { memberOf } from '../observed/member.ts';
import type { Observed } from '../observed/observed.ts';

const none: Found = { blockers: [], cautions: [], skips: [] };

/** Services that the bindings of a cluster on these target groups refer to, each once. */
function boundServices(cluster: ClusterView, arns: readonly string[]): readonly ObjectName[] {
  const bindings = arns.flatMap((arn) => bindingsOf(cluster, arn));
  return [...new Map(bindings.map((one) => [nameText(serviceOf(one)), serviceOf(one)])).values()];
}

/**
 * What `join` would refuse of a cluster that has joined, under the names of the Services that its
 * bindings are for. Verify runs it for each member and is green only where it finds no blocker; what
 * is a caution to join is a note there. It needs nothing that verify does not read. What could not
 * be read is left to the rows of the verdict. Problems: those of the checks on clusters, local
 * Services and bindings, and `service-missing`.
 */
export function memberFound(
  observed: Observed,
  o: {
    readonly primary: ClusterView;
    readonly service: Service;
    readonly secondary: ClusterView;
  },
): Found {
  const { primary, service, secondary } = o;
  const arns = ownBindings(primary, service).map(({ targetGroupArn }) => targetGroupArn);
  const found = boundServices(secondary, arns).map((localService): Found => {
    const binding = arns
      .flatMap((arn) => bindingsOf(secondary, arn))
      .find((one) => nameText(serviceOf(one)) === nameText(localService));
    const read = binding && memberOf(observed, secondary, binding).service;
    if (!binding || !read?.ok) return none;
    if (!read.value) {
      const look = describeHint(secondary.context, 'targetgroupbinding', binding);
      return { ...none, blockers: [serviceMissing(secondary, localService, () => look)] };
    }
    const intent = {
      service,
      localService,
      primary: primary.context,
      context: secondary.context,
      createService: false,
      adopt: false,
      forceConflicts: false,
      settled: true,
    };
    const all = joinCase(observed, intent, undefined, {
      primary,
      secondary,
      service,
      local: read.value,
    });
    // Each port may have a Service of its own.
    const isBound = (one: Binding): boolean => sameName(serviceOf(one), localService);
    const subject = { ...all, ports: all.ports.filter(({ local }) => local.some(isBound)) };
    return merged([
      runChecks(clusterChecks, subject),
      runChecks(localServiceChecks, subject),
      runChecks(joinedBindingChecks, subject),
    ]);
  });
  return merged(found);
}
