import { flavours } from '../core/model/flavours.ts';
import { advice } from '../core/model/hint.ts';
import type { ObjectName } from '../core/model/kubernetes.ts';
import { known, type Reading, unknown } from '../core/model/problem.ts';
import type { HandoverStep } from '../core/plan/handover-step.ts';
import type { KubeAnswer, KubeClient, KubeRequest } from './client.ts';
import type { Failure, Subject } from './failure.ts';
import { type Json, objectAt, objectsAt, textAt } from './json.ts';
import { bindingPath, pathOf, withQuery, writeParameters } from './paths.ts';
import { restartAnnotation } from './restart-annotation.ts';

type StepOf<Kind extends HandoverStep['kind']> = Extract<HandoverStep, { kind: Kind }>;
interface DryRun {
  readonly dryRun: boolean;
}

/**
 * Patches a Service or its status. It must be the one that was planned for: of the same uid and, where
 * the step has one, the same resourceVersion. Problem `object-changed` if not.
 */
export function patchService(
  kube: KubeClient,
  { service, uid, resourceVersion, subresource, manager, patch }: StepOf<'patch-service'>,
  o: DryRun,
): Promise<Reading<undefined>> {
  const name = nameOf(service);
  return patched(kube, o, {
    subject: {
      verb: 'patch',
      resource: 'services',
      ...(subresource ? { subresource } : {}),
      ...name,
    },
    path: pathOf('services', name),
    ...(manager === undefined ? {} : { manager }),
    body: withMetadata(patch, { uid, ...(resourceVersion ? { resourceVersion } : {}) }),
  });
}

/** Patches a binding, if it still is the one that was planned for (uid): `object-changed` if not. */
export function patchBinding(
  kube: KubeClient,
  { binding, uid, patch }: StepOf<'patch-binding'>,
  o: DryRun,
): Promise<Reading<undefined>> {
  const name = nameOf(binding);
  const { group } = flavours[binding.flavour];
  return patched(kube, o, {
    subject: { verb: 'patch', resource: 'targetgroupbindings', group, ...name },
    path: bindingPath(binding.flavour, name),
    body: withMetadata(patch, { uid }),
  });
}

/** Has a Deployment replace its pods, as `kubectl rollout restart` does it. */
export function restartController(
  kube: KubeClient,
  { deployment, at }: StepOf<'restart-controller'>,
  o: DryRun,
): Promise<Reading<undefined>> {
  const name = nameOf(deployment);
  return patched(kube, o, {
    subject: { verb: 'patch', resource: 'deployments', group: 'apps', ...name },
    path: pathOf('deployments', name),
    body: { spec: { template: { metadata: { annotations: { [restartAnnotation]: at } } } } },
  });
}

interface Patch {
  readonly subject: Subject;
  /** Of the object. */
  readonly path: string;
  /** The field manager, where it is not the usual one. */
  readonly manager?: string;
  readonly body: Json;
}

async function patched(
  kube: KubeClient,
  { dryRun }: DryRun,
  { subject, path, manager, body }: Patch,
): Promise<Reading<undefined>> {
  const { subresource } = subject;
  const request: KubeRequest = {
    subject,
    method: 'PATCH',
    path: withQuery(subresource === undefined ? path : `${path}/${subresource}`, {
      ...writeParameters(dryRun),
      ...(manager === undefined ? {} : { fieldManager: manager }),
      // What the server does not know it would drop in silence.
      fieldValidation: 'Strict',
    }),
    contentType: 'application/merge-patch+json',
    body,
  };
  const answer = await kube.send(request);
  if (answer.ok) return known(undefined);
  if (isOther(answer.failure)) return unknown(replaced(kube, subject));
  if (await isOurs(kube, answer, { subject, path, body })) return known(undefined);
  return unknown(kube.problem(answer.failure, subject));
}

/**
 * Whether a conflict is our own write: its answer was lost, it was sent again, and met its own effect.
 * Then the object is as the patch says.
 */
async function isOurs(
  kube: KubeClient,
  answer: KubeAnswer,
  { subject, path, body }: Patch,
): Promise<boolean> {
  const conflict = !answer.ok && answer.failure.kind === 'status' && answer.failure.status === 409;
  if (!conflict || !answer.repeated) return false;
  const { resourceVersion: _, ...metadata } = objectAt(body, 'metadata');
  const { subresource: _part, ...object } = subject;
  const now = await kube.read({ subject: { ...object, verb: 'get' }, path });
  return now.ok && has(now.value, { ...body, metadata });
}

/** Whether the object has what the merge patch sets, and not what it takes away. */
function has(value: unknown, patch: unknown): boolean {
  if (patch === null) return value === undefined || (Array.isArray(value) && value.length === 0);
  if (Array.isArray(patch)) {
    return (
      Array.isArray(value) &&
      value.length === patch.length &&
      patch.every((one, n) => has(value[n], one))
    );
  }
  if (typeof patch !== 'object') return value === patch;
  const there = objectAt(value);
  return Object.entries(patch).every(([field, wanted]) => has(there[field], wanted));
}

/** A uid never changes: a patch with another one is refused for that field (ValidateObjectMetaUpdate). */
const isOther = (failure: Failure): boolean =>
  failure.kind === 'status' &&
  failure.status === 422 &&
  objectsAt(objectAt(failure.body, 'details'), 'causes').some(
    (cause) => textAt(cause, 'field') === 'metadata.uid',
  );

const replaced = (kube: KubeClient, { resource, namespace, name }: Subject) => ({
  code: 'object-changed' as const,
  message: `${resource} "${name}" in namespace ${namespace} of cluster ${kube.context} is another object than the plan was made for.`,
  hints: [advice('Run the command again: it starts from what is there now.')],
  about: {
    cluster: kube.context,
    request: `patch ${resource} "${name}" in namespace ${namespace}`,
  },
});

const withMetadata = (patch: Json, metadata: Json): Json => ({
  ...patch,
  metadata: { ...objectAt(patch, 'metadata'), ...metadata },
});

const nameOf = ({ namespace, name }: ObjectName): ObjectName => ({ namespace, name });
