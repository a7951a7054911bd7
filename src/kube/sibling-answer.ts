import type { ObjectName } from '../core/model/kubernetes.ts';
import { flavours } from '../core/model/flavours.ts';
import { known, type Reading, unknown } from '../core/model/problem.ts';
import type { SiblingAnswer } from '../core/model/sibling-answer.ts';
import type { KubeAnswer, KubeClient } from './client.ts';
import type { Subject } from './failure.ts';
import { objectAt, textAt } from './json.ts';
import { bindingPath, withQuery, writeParameters } from './paths.ts';

/** Of the chart and the manifests (`config/webhook/manifests.yaml`); no option changes it. */
const refusal =
  /^admission webhook "vtargetgroupbinding\.elbv2\.k8s\.aws" denied the request: (.*)/;

/**
 * Asks with two rehearsals (`dryRun=All`) of changes of a multi-cluster binding: one that changes
 * nothing, and one of an immutable field, which the controller's webhook refuses in every version: that
 * shows that it is called. Its words are those of `webhooks/elbv2/targetgroupbinding_validator.go`.
 * Problems: those of a patch, such as `api-forbidden` and `webhook-unreachable`.
 */
export async function askAboutSiblings(
  kube: KubeClient,
  binding: ObjectName,
): Promise<Reading<SiblingAnswer>> {
  const subject: Subject = {
    verb: 'patch',
    resource: 'targetgroupbindings',
    group: flavours.lbc.group,
    ...binding,
  };
  const rehearse = (spec: object): Promise<KubeAnswer> =>
    kube.send({
      subject,
      method: 'PATCH',
      path: withQuery(bindingPath('lbc', binding), writeParameters(true)),
      contentType: 'application/merge-patch+json',
      body: { spec },
    });
  const [same, other] = await Promise.all([
    rehearse({ multiClusterTargetGroup: true }),
    // No VPC has this id, so it changes the field, whether it was set or not.
    rehearse({ vpcID: 'vpc-00000000' }),
  ]);
  if (same.ok) {
    return known({ kind: 'accepted', heard: /immutable fields/.test(refusedBy(other) ?? '') });
  }
  const names = /is already bound to following TargetGroupBindings \[([^\]]*)\]/.exec(
    refusedBy(same) ?? '',
  )?.[1];
  if (names === undefined) return unknown(kube.problem(same.failure, subject));
  return known({ kind: 'refused', bindings: names.split(' ').flatMap(nameOf) });
}

/** The words of the controller's webhook, where it refused the request. */
function refusedBy(answer: KubeAnswer): string | undefined {
  if (answer.ok || answer.failure.kind !== 'status') return undefined;
  const said = textAt(objectAt(answer.failure.body), 'message') ?? '';
  return refusal.exec(said)?.[1];
}

const nameOf = (text: string): readonly ObjectName[] => {
  const [namespace, name] = text.split('/');
  return namespace && name ? [{ namespace, name }] : [];
};
