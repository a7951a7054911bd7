import { parseFlag } from '../model/annotations.ts';
import { kubectlHint, type ToolHint } from '../model/hint.ts';
import type { ControllerProcess } from '../model/handover.ts';
import type { Reading } from '../model/problem.ts';
import { readingOf } from '../observed/member.ts';
import type { HandoverCase, Side } from './handover-case.ts';

type Flags = Pick<ControllerProcess, 'flags'>;

/** The controller's process of a side, as far as it was read. */
export const processOf = (
  { facts }: Pick<HandoverCase, 'facts'>,
  { cluster: { context } }: Side,
): Reading<ControllerProcess> =>
  readingOf(facts.controllers, context, `The controller of ${context}`);

/** Whether the controller of a side is scaled to 0, and no process of it is left. */
export function isStopped(subject: Pick<HandoverCase, 'facts'>, side: Side): boolean {
  const controller = processOf(subject, side);
  return controller.ok && controller.value.replicas === 0 && controller.value.pods.length === 0;
}

/** Flags that are true or false, with their defaults (`pkg/config/controller_config.go`). */
const switches = {
  'enable-backend-security-group': true,
  'enable-manage-backend-security-group-rules': false,
} as const;

export const isSwitchedOn = ({ flags }: Flags, name: keyof typeof switches): boolean =>
  parseFlag(flags[name] ?? '') ?? switches[name];

/** Flags with a text, and their defaults (`pkg/config/controller_config.go`, `service_config.go`). */
const texts = {
  'default-target-type': 'instance',
  'default-ssl-policy': 'ELBSecurityPolicy-2016-08',
  'load-balancer-class': 'service.k8s.aws/nlb',
} as const;

export const textOf = ({ flags }: Flags, name: keyof typeof texts): string =>
  flags[name] || texts[name];

/** Feature gates that a handover depends on, with their defaults (`pkg/config/feature_gates.go`). */
const gates = {
  EnableRGTAPI: false,
  EnableServiceController: true,
  EnableIPTargetType: true,
  EnableTCPUDPListener: false,
  NLBHealthCheckAdvancedConfig: true,
  NLBSecurityGroup: true,
} as const;

export type Gate = keyof typeof gates;

/** Whether a feature gate is on: `--feature-gates=NAME=true,OTHER=false`; of two equal names the last counts. */
export function isGateOn({ flags }: Flags, name: Gate): boolean {
  const items = (flags['feature-gates'] ?? '').split(',').map((item) => item.split('='));
  const value = items.findLast(([key]) => key?.trim() === name)?.[1];
  return parseFlag(value?.trim() ?? '') ?? gates[name];
}

/** A list in a flag, as pflag reads it. */
export const listOf = ({ flags }: Flags, name: string): readonly string[] =>
  (flags[name] ?? '')
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');

/** Opens the Deployment of a side's controller in an editor. */
export function editController({ cluster }: Side): ToolHint {
  const [deployment] = cluster.controller.ok ? cluster.controller.value.deployments : [];
  const { context } = cluster;
  return kubectlHint(
    { context, namespace: deployment?.namespace ?? 'kube-system' },
    'edit',
    `deployment/${deployment?.name ?? 'aws-load-balancer-controller'}`,
  );
}
