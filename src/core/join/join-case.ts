import { plannedService } from '../enable/service-document.ts';
import type { JoinIntent } from '../model/intent.ts';
import type { Service } from '../model/kubernetes.ts';
import type { Templates } from '../model/templates.ts';
import { bindingsOf } from '../observed/enrollment.ts';
import { readingOf } from '../observed/member.ts';
import type { Observed } from '../observed/observed.ts';
import { familyOf, type JoinCase, joinPort, type JoinPort } from './join-port.ts';
import { matchPorts } from './match-ports.ts';

/** Gathers what a join looks at. The Services, bindings and both clusters have been read. */
export function joinCase(
  observed: Observed,
  intent: JoinIntent,
  templates: Templates,
  found: Pick<JoinCase, 'enrolled' | 'joining'> & { readonly local: Service | undefined },
): JoinCase {
  const { enrolled, joining, local } = found;
  const groups = enrolled?.enrollment;
  const first = groups && bindingsOf(groups.source, groups.arns[0] ?? '')[0];
  const group = readingOf(observed.targetGroups, first?.targetGroupArn ?? '', 'The target group');
  const localService =
    local ??
    plannedService({
      name: intent.localService,
      primary: enrolled?.service,
      targetType: first?.targetType ?? 'ip',
      ipFamily: familyOf(group, first),
    });
  const { ports, unmatched, count } = matchPorts(
    observed,
    localService,
    intent,
    enrolled && { groups: enrolled.enrollment, service: enrolled.service },
  );
  const toBeCreated = local === undefined;
  const facts = { observed, intent, joining, localService, toBeCreated, templates, count };
  // No two bindings of one plan get one name.
  const joined = ports.reduce<readonly JoinPort[]>((done, port) => {
    const used = done.flatMap(({ name }) => name ?? []);
    return [...done, joinPort(port, { ...facts, used })];
  }, []);
  return {
    observed,
    intent,
    enrolled,
    joining,
    localService,
    toBeCreated,
    ports: joined,
    unmatched,
  };
}
