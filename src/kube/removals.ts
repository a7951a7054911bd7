import { advice } from '../core/model/hint.ts';
import type { ObjectName } from '../core/model/kubernetes.ts';
import type { WriteStep } from '../core/plan/plan.ts';
import type { Reading } from '../core/model/problem.ts';
import { known, unknown } from '../core/model/problem.ts';
import type { KubeAnswer, KubeClient } from './client.ts';
import type { Subject } from './failure.ts';
import { flavours } from '../core/model/flavours.ts';
import { bindingPath, pathOf, withQuery, writeParameters } from './paths.ts';
import { trackingName } from '../core/model/flavours.ts';

type StepOf<Kind extends WriteStep['kind']> = Extract<WriteStep, { kind: Kind }>;
interface DryRun {
  readonly dryRun: boolean;
}

/**
 * Deletes a binding, if it still is the one that was planned for (uid). One that is gone already is
 * no Problem. Problem `object-changed`: a new object has that name.
 */
export function deleteBinding(
  kube: KubeClient,
  { binding, uid }: StepOf<'delete-binding'>,
  o: DryRun,
): Promise<Reading<undefined>> {
  const subject: Subject = {
    verb: 'delete',
    resource: 'targetgroupbindings',
    group: flavours[binding.flavour].group,
    namespace: binding.namespace,
    name: binding.name,
  };
  return deleted(kube, subject, bindingPath(binding.flavour, nameOf(binding)), o, uid);
}

/** Deletes a Service, if it still is the one that was planned for; one that is gone is no Problem. */
export function deleteService(
  kube: KubeClient,
  { service, uid }: StepOf<'delete-service'>,
  o: DryRun,
): Promise<Reading<undefined>> {
  const subject: Subject = { verb: 'delete', resource: 'services', ...nameOf(service) };
  return deleted(kube, subject, pathOf('services', nameOf(service)), o, uid);
}

/** Deletes the ConfigMap with a binding's tracked targets; none there is no Problem. */
export function deleteTracked(
  kube: KubeClient,
  { binding }: StepOf<'delete-tracked'>,
  o: DryRun,
): Promise<Reading<undefined>> {
  const name = { namespace: binding.namespace, name: trackingName(binding) };
  const subject: Subject = { verb: 'delete', resource: 'configmaps', ...name };
  return deleted(kube, subject, pathOf('configmaps', name), o);
}

/**
 * Takes the controller's finalizer off a binding, and only if it is the planned one with the same
 * finalizers (`object-changed` if not). A binding whose last finalizer goes while it is being deleted
 * is gone then; one that is gone already is no Problem. An update like any other: the controller's
 * webhooks are asked, and must answer.
 */
export async function removeFinalizer(
  kube: KubeClient,
  { binding, uid, before, finalizers }: StepOf<'remove-finalizer'>,
  o: DryRun,
): Promise<Reading<undefined>> {
  const answer = await patched(kube, binding, o, {
    contentType: 'application/json-patch+json',
    body: [
      { op: 'test', path: '/metadata/uid', value: uid },
      { op: 'test', path: '/metadata/finalizers', value: before },
      { op: 'replace', path: '/metadata/finalizers', value: finalizers },
    ],
  });
  // A test that fails is 422 (apiserver pkg/endpoints/handlers/patch.go), and so is nothing else here.
  if (!answer.ok && answer.failure.kind === 'status' && answer.failure.status === 422) {
    return unknown({
      code: 'object-changed',
      message: `${binding.namespace}/${binding.name} in cluster ${kube.context} has changed: it was replaced, or its finalizers differ.`,
      hints: [advice('Run the command again: it starts from what is there now.')],
      about: {
        cluster: kube.context,
        binding: { namespace: binding.namespace, name: binding.name },
      },
    });
  }
  return settledOrGone(kube, binding, answer);
}

/**
 * Blanks the checkpoint of a binding, as the controller itself does before it changes targets
 * (`pkg/targetgroupbinding/resource_manager.go`): its next pass is a whole one.
 */
export async function resetCheckpoint(
  kube: KubeClient,
  { binding, resourceVersion }: StepOf<'reset-checkpoint'>,
  o: DryRun,
): Promise<Reading<undefined>> {
  const annotations = { [flavours[binding.flavour].checkpoint]: '' };
  const answer = await patched(kube, binding, o, {
    contentType: 'application/merge-patch+json',
    body: { metadata: { resourceVersion, annotations } },
  });
  return settledOrGone(kube, binding, answer);
}

type BindingName = StepOf<'reset-checkpoint'>['binding'];

const patchOf = ({ flavour, ...name }: BindingName): Subject => ({
  verb: 'patch',
  resource: 'targetgroupbindings',
  group: flavours[flavour].group,
  ...nameOf(name),
});

const patched = (
  kube: KubeClient,
  binding: BindingName,
  { dryRun }: DryRun,
  patch: { readonly contentType: string; readonly body: unknown },
): Promise<KubeAnswer> =>
  kube.send({
    subject: patchOf(binding),
    method: 'PATCH',
    path: withQuery(bindingPath(binding.flavour, nameOf(binding)), writeParameters(dryRun)),
    ...patch,
  });

const settledOrGone = (
  kube: KubeClient,
  binding: BindingName,
  answer: KubeAnswer,
): Reading<undefined> =>
  gone(answer) ? known(undefined) : settled(kube, patchOf(binding), answer);

async function deleted(
  kube: KubeClient,
  subject: Subject,
  path: string,
  { dryRun }: DryRun,
  uid?: string,
): Promise<Reading<undefined>> {
  const answer = await kube.send({
    subject,
    method: 'DELETE',
    // In the query for those who read access logs: the server does not look there when there is a body.
    path: withQuery(path, { dryRun: dryRun ? 'All' : undefined }),
    body: {
      apiVersion: 'v1',
      kind: 'DeleteOptions',
      propagationPolicy: 'Background',
      ...(dryRun && { dryRun: ['All'] }),
      ...(uid === undefined ? {} : { preconditions: { uid } }),
    },
  });
  return gone(answer) ? known(undefined) : settled(kube, subject, answer);
}

/** A 404 that names the object: it is gone, be it by an earlier attempt whose answer was lost. */
const gone = (answer: KubeAnswer): boolean =>
  !answer.ok && answer.failure.kind === 'status' && answer.failure.status === 404;

const settled = (kube: KubeClient, subject: Subject, answer: KubeAnswer): Reading<undefined> =>
  answer.ok ? known(undefined) : unknown(kube.problem(answer.failure, subject));

const nameOf = ({ namespace, name }: ObjectName): ObjectName => ({ namespace, name });
