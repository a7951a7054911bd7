import { failing, type Check } from '../plan/check.ts';
import { kubectl } from '../model/commands.ts';
import { nameText } from '../model/kubernetes.ts';
import type { JoinCase } from './join-case.ts';
import type { Problem } from '../model/problem.ts';
import { portOf, portsText } from '../model/service-ports.ts';
import { listed } from '../model/words.ts';

const editLocal = ({ secondary, localService }: JoinCase): string =>
  kubectl(
    { context: secondary.context, namespace: localService.namespace },
    'edit',
    'service',
    localService.name,
  );

const staying: Check<JoinCase> = {
  id: 'service-terminating',
  severity: 'blocker',
  run: ({ localService, secondary }) =>
    failing(
      localService.terminating
        ? [
            {
              code: 'service-terminating',
              message: `Service ${nameText(localService)} in ${secondary.context} is being deleted.`,
              hint: kubectl(
                { context: secondary.context, namespace: localService.namespace },
                'get',
                'service',
                localService.name,
              ),
              cluster: secondary.context,
            },
          ]
        : [],
    ),
};

const allPorts: Check<JoinCase> = {
  id: 'port-missing',
  severity: 'blocker',
  run(subject) {
    const { ports, localService, secondary } = subject;
    const missing = ports.filter(({ localPort }) => !localPort).map(({ port }) => String(port));
    return failing(
      missing.length === 0
        ? []
        : [
            {
              code: 'port-missing',
              message: `Service ${nameText(localService)} in ${secondary.context} lacks port ${listed(missing)} of the primary's Service; it has ${portsText(localService.ports) || 'none'}.`,
              hint: editLocal(subject),
              cluster: secondary.context,
            },
          ],
    );
  },
};

const fittingProtocol: Check<JoinCase> = {
  id: 'protocol-mismatch',
  severity: 'blocker',
  run(subject) {
    const { ports, service, localService, secondary } = subject;
    return failing(
      ports.flatMap(({ port, localPort }): readonly Problem[] => {
        const wanted = portOf(service, port)?.protocol ?? 'TCP';
        if (!localPort || localPort.protocol === wanted) return [];
        return [
          {
            code: 'protocol-mismatch',
            message: `Port ${port} of Service ${nameText(localService)} in ${secondary.context} is ${localPort.protocol}; the primary's is ${wanted}.`,
            hint: editLocal(subject),
            cluster: secondary.context,
          },
        ];
      }),
    );
  },
};

const fittingType: Check<JoinCase> = {
  id: 'type-mismatch',
  severity: 'blocker',
  run(subject) {
    const { ports, localService, secondary } = subject;
    const { type } = localService;
    const instance = ports.some(({ primary }) => primary.binding.targetType === 'instance');
    // An ExternalName has no endpoints; node ports come with NodePort and LoadBalancer only.
    const fits = type !== 'ExternalName' && (!instance || type !== 'ClusterIP');
    const retype = kubectl(
      { context: secondary.context, namespace: localService.namespace },
      'patch',
      'service',
      localService.name,
      '-p',
      '{"spec":{"type":"NodePort"}}',
    );
    return failing(
      fits
        ? []
        : [
            {
              code: 'type-mismatch',
              message: `Service ${nameText(localService)} in ${secondary.context} is of type ${type}, and the target groups take ${instance ? 'instances, which needs NodePort' : 'pod addresses, which needs a Service with pods'}.`,
              hint:
                type === 'ExternalName'
                  ? kubectl(
                      { context: secondary.context, namespace: localService.namespace },
                      'get',
                      'services',
                    )
                  : retype,
              cluster: secondary.context,
            },
          ],
    );
  },
};

const fittingFamily: Check<JoinCase> = {
  id: 'family-mismatch',
  severity: 'blocker',
  run(subject) {
    const { ports, localService, secondary } = subject;
    const group = ports.flatMap(({ group }) => (group.ok ? group.value : []))[0];
    const wanted = group?.ipFamily === 'ipv6' ? 'IPv6' : 'IPv4';
    return failing(
      !group ||
        group.targetType === 'instance' ||
        localService.ipFamilies.length === 0 ||
        localService.ipFamilies.includes(wanted)
        ? []
        : [
            {
              code: 'family-mismatch',
              message: `Service ${nameText(localService)} in ${secondary.context} has ${listed(localService.ipFamilies)} addresses, and target group ${group.name} takes ${wanted}.`,
              hint: editLocal(subject),
              cluster: secondary.context,
            },
          ],
    );
  },
};

/** Whether the local Service fits the primary's and its target groups. */
export const localServiceChecks: readonly Check<JoinCase>[] = [
  staying,
  allPorts,
  fittingProtocol,
  fittingType,
  fittingFamily,
];
