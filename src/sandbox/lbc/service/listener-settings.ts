import { atLeast } from '../process/version.ts';
import type { ListenerModel } from './listener-model.ts';
import type { Protocol } from './model-terms.ts';

/** A listener as DescribeListeners shows it. */
export interface PresentListener {
  readonly ListenerArn: string;
  readonly Port: number;
  readonly Protocol: string;
  readonly SslPolicy?: string;
  readonly AlpnPolicy?: readonly string[];
  readonly Certificates?: readonly { readonly CertificateArn?: string }[];
  readonly DefaultActions: readonly {
    readonly TargetGroupArn?: string;
    readonly ForwardConfig?: {
      readonly TargetGroups?: readonly {
        readonly TargetGroupArn?: string;
        readonly Weight?: number;
      }[];
    };
  }[];
}

/** What CreateListener and ModifyListener are told of a listener that forwards to one group. */
export function listenerSettings(
  { port, protocol, tls }: ListenerModel,
  TargetGroupArn: string,
): object {
  return {
    Port: port,
    Protocol: protocol,
    // Numbered although alone (pkg/deploy/elbv2/listener_utils.go).
    DefaultActions: [
      { Type: 'forward', Order: 1, ForwardConfig: { TargetGroups: [{ TargetGroupArn }] } },
    ],
    ...(tls && {
      Certificates: tls.certificates.slice(0, 1).map((CertificateArn) => ({ CertificateArn })),
      SslPolicy: tls.sslPolicy,
      ...(tls.alpnPolicy !== undefined && { AlpnPolicy: [tls.alpnPolicy] }),
    }),
  };
}

/**
 * Whether somebody changed a listener (pkg/deploy/elbv2/listener_manager.go,
 * isSDKListenerSettingsDrifted, without the gate EnhancedDefaultBehavior): an ALPN policy that the
 * Service does not name is left alone.
 */
export function isDrifted(found: PresentListener, wanted: ListenerModel, arn: string): boolean {
  const { tls } = wanted;
  const certificates = (found.Certificates ?? []).map((one) => one.CertificateArn);
  return (
    found.Protocol !== wanted.protocol ||
    !forwardsOnlyTo(found, arn) ||
    certificates.join() !== (tls?.certificates.slice(0, 1) ?? []).join() ||
    (tls !== undefined && found.SslPolicy !== tls.sslPolicy) ||
    (tls?.alpnPolicy !== undefined && (found.AlpnPolicy ?? []).join() !== tls.alpnPolicy)
  );
}

function forwardsOnlyTo(listener: PresentListener, arn: string): boolean {
  const [action, ...more] = listener.DefaultActions;
  const groups = action?.ForwardConfig?.TargetGroups ?? [];
  const arns =
    groups.length > 0 ? groups.map((group) => group.TargetGroupArn) : [action?.TargetGroupArn];
  return more.length === 0 && arns.length === 1 && arns[0] === arn;
}

/** Whether the attributes of such a listener are looked at (areListenerAttributesSupported; since v2.9). */
export function hasAttributes(protocol: Protocol, version: string): boolean {
  if (!atLeast(version, '2.9.0')) return false;
  if (atLeast(version, '3.2.2')) return protocol !== 'TLS';
  return protocol === 'TCP' || protocol === 'TCP_UDP';
}
