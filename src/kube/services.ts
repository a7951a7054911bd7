import type { ObjectName, Service } from '../core/model/kubernetes.ts';
import type { KubeDocument, Step } from '../core/plan/plan.ts';
import type { Reading } from '../core/model/problem.ts';
import { known, unknown } from '../core/model/problem.ts';
import type { KubeAnswer, KubeClient } from './client.ts';
import type { Subject } from './failure.ts';
import { objectAt, textAt } from './json.ts';
import { readList } from './list.ts';
import { pathOf, withQuery, writeParameters } from './paths.ts';
import { serviceOf } from './service-fields.ts';

type AnnotateService = Extract<Step, { kind: 'annotate-service' }>;

/** A Service; `undefined` when there is none of that name. */
export async function readService(
  kube: KubeClient,
  name: ObjectName,
): Promise<Reading<Service | undefined>> {
  const subject = subjectOf('get', name);
  const read = await kube.read({ subject, path: pathOf('services', name) });
  if (read.ok) return known(serviceOf(read.value));
  return read.problem.code === 'object-missing' ? known(undefined) : read;
}

/** Names of the Services in a namespace, sorted: to say which there are. */
export async function listServiceNames(
  kube: KubeClient,
  namespace: string,
): Promise<Reading<readonly string[]>> {
  const subject: Subject = { verb: 'list', resource: 'services', namespace };
  const listed = await readList(kube, subject, pathOf('services', { namespace }));
  if (!listed.ok) return listed;
  return known(listed.value.map((item) => textAt(objectAt(item, 'metadata'), 'name') ?? '').sort());
}

/**
 * Writes the annotations of a step, and only if the Service is still the one that was planned for:
 * the resourceVersion in the patch makes the server answer 409 otherwise. Gives the Service as it is
 * afterwards. Problem `object-changed` when somebody was faster.
 */
export async function annotateService(
  kube: KubeClient,
  step: AnnotateService,
  o: { readonly dryRun: boolean },
): Promise<Reading<Service>> {
  const subject = subjectOf('patch', step.service);
  const answer = await kube.send({
    subject,
    method: 'PATCH',
    path: withQuery(pathOf('services', step.service), writeParameters(o.dryRun)),
    contentType: 'application/merge-patch+json',
    body: { metadata: { resourceVersion: step.resourceVersion, annotations: step.after } },
  });
  return settled(kube, subject, answer, step.service, (service) =>
    Object.entries(step.after).every(([name, value]) => service.annotations[name] === value),
  );
}

/** Creates a Service. Problem `object-changed` when there is one of that name already. */
export async function createService(
  kube: KubeClient,
  document: KubeDocument,
  o: { readonly dryRun: boolean },
): Promise<Reading<Service>> {
  const { namespace, name, labels } = document.metadata;
  const subject = subjectOf('create', { namespace, name });
  const answer = await kube.send({
    subject,
    method: 'POST',
    path: withQuery(pathOf('services', { namespace }), {
      ...writeParameters(o.dryRun),
      fieldValidation: 'Strict',
    }),
    body: document,
  });
  return settled(kube, subject, answer, { namespace, name }, (service) =>
    Object.entries(labels ?? {}).every(([label, value]) => service.labels[label] === value),
  );
}

/**
 * The Service in the answer to a write. A write whose answer was lost is sent again and then meets
 * its own effect as a conflict; `isOurs` tells that from somebody else's change.
 */
async function settled(
  kube: KubeClient,
  subject: Subject,
  answer: KubeAnswer,
  name: ObjectName,
  isOurs: (service: Service) => boolean,
): Promise<Reading<Service>> {
  if (answer.ok) return known(serviceOf(answer.body));
  const conflict = answer.failure.kind === 'status' && answer.failure.status === 409;
  if (conflict && answer.repeated) {
    const now = await readService(kube, name);
    if (now.ok && now.value && isOurs(now.value)) return known(now.value);
  }
  return unknown(kube.problem(answer.failure, subject));
}

const subjectOf = (verb: Subject['verb'], name: ObjectName): Subject => ({
  verb,
  resource: 'services',
  namespace: name.namespace,
  name: name.name,
});
