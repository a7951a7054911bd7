import { check, type Check, type Wrong } from '../plan/check.ts';
import { handledTypes } from '../checks/groups.ts';
import { parseArn } from '../model/arn.ts';
import type { ServicePort } from '../model/kubernetes.ts';
import { joinHint, showHint } from '../model/nlbmc-hints.ts';
import { handledProtocols } from '../model/protocols.ts';
import { portLabel, portsNamed } from '../model/service-ports.ts';
import { listed } from '../model/words.ts';
import { aboutLocal, type JoinCase } from './join-port.ts';
import { type UnsharedReason, unsharedReason } from './unshared-reason.ts';

/** A port that cannot be shared refuses the join where no other is left, or where it was named. */
function refuses(
  { ports, intent, localService }: JoinCase,
  port: ServicePort | undefined,
  arn?: string,
): boolean {
  const isNamed =
    port !== undefined &&
    intent.ports?.some((text) => portsNamed(localService, text).includes(port)) === true;
  return (
    ports.length === 0 || isNamed || intent.targetGroups?.some((one) => one.arn === arn) === true
  );
}

const severities = ['blocker', 'caution'] as const;

/** What nlbmc cannot share by its nature: it is named, and the other ports join. */
const unshared = (code: UnsharedReason['code']): readonly Check<JoinCase>[] =>
  severities.map((severity) =>
    check<JoinCase>(code, severity, (subject) =>
      subject.unmatched.flatMap((one): readonly Wrong[] => {
        if (one.kind !== 'unshared') return [];
        const { matched, group } = one;
        const reason = unsharedReason(group, matched.port);
        const isBlocker = refuses(subject, matched.localPort, matched.arn);
        if (reason?.code !== code || isBlocker !== (severity === 'blocker')) return [];
        const handled = code === 'type-unsupported' ? handledTypes : handledProtocols;
        return [
          {
            message: `${handled} Here, ${reason.text}${isBlocker ? '' : ': that port is left out'}.`,
            about: { ...aboutLocal(subject), port: matched.port },
            hints: [showHint(subject.intent, [subject.intent.primary ?? subject.joining.context])],
          },
        ];
      }),
    ),
  );

const groupName = (arn: string): string => parseArn(arn)?.name ?? arn;

/** A listener that splits its traffic: joining one group joins a part of it, so a person chooses. */
const weighted: readonly Check<JoinCase>[] = severities.map((severity) =>
  check<JoinCase>('listener-weighted', severity, (subject) =>
    subject.unmatched.flatMap((one): readonly Wrong[] => {
      if (one.kind !== 'weighted') return [];
      const { listener, port } = one;
      const isBlocker = refuses(subject, port);
      if (isBlocker !== (severity === 'blocker')) return [];
      return [
        {
          message: `Listener ${listener.port} forwards to ${listener.targetGroupArns.length} target groups: ${listed(listener.targetGroupArns.map(groupName))}${isBlocker ? '' : '. Its port is left out'}.`,
          about: { ...aboutLocal(subject), port: port.port },
          hints: listener.targetGroupArns.map((arn) =>
            joinHint({
              ...subject.intent,
              targetGroups: [
                ...(subject.intent.targetGroups ?? []),
                { port: portLabel(subject.localService, port), arn },
              ],
            }),
          ),
        },
      ];
    }),
  ),
);

/** Ports that do not join, while those that can be shared do. */
export const unsharedChecks: readonly Check<JoinCase>[] = [
  ...weighted,
  ...unshared('type-unsupported'),
  ...unshared('protocol-unsupported'),
];
