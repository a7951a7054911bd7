import type { Reading } from '../core/model/problem.ts';
import { known } from '../core/model/problem.ts';
import type { WebhookConfiguration } from '../core/model/webhook-configuration.ts';
import type { KubeClient } from './client.ts';
import { type Json, objectAt, objectsAt, textAt } from './json.ts';
import { readList } from './list.ts';
import { pathOf } from './paths.ts';

const kinds = [
  ['ValidatingWebhookConfiguration', 'validatingwebhookconfigurations'],
  ['MutatingWebhookConfiguration', 'mutatingwebhookconfigurations'],
] as const;

/** All webhook configurations of a cluster. */
export async function listWebhookConfigurations(
  kube: KubeClient,
): Promise<Reading<readonly WebhookConfiguration[]>> {
  const lists = await Promise.all(
    kinds.map(async ([kind, resource]) => {
      const subject = { verb: 'list', resource, group: 'admissionregistration.k8s.io' } as const;
      const list = await readList(kube, subject, pathOf(resource));
      return list.ok ? known(list.value.map((item) => configuration(kind, item))) : list;
    }),
  );
  const failed = lists.find(({ ok }) => !ok);
  if (failed && !failed.ok) return failed;
  return known(lists.flatMap((list) => (list.ok ? list.value : [])));
}

function configuration(kind: WebhookConfiguration['kind'], item: Json): WebhookConfiguration {
  const hooks = objectsAt(item, 'webhooks');
  return {
    kind,
    name: textAt(objectAt(item, 'metadata'), 'name') ?? '',
    webhooks: hooks.flatMap((hook) => textAt(hook, 'name') ?? []),
    forBindings: hooks.some((hook) =>
      objectsAt(hook, 'rules').some(
        ({ resources }) => Array.isArray(resources) && resources.includes('targetgroupbindings'),
      ),
    ),
  };
}
