import { kubectlHint } from '../core/model/hint.ts';
import type { Controller, Flavour } from '../core/model/kubernetes.ts';
import type { Reading } from '../core/model/problem.ts';
import { known, unknown } from '../core/model/problem.ts';
import type { KubeClient } from './client.ts';
import { deploymentOf } from './controller-fields.ts';
import type { Subject } from './failure.ts';
import { flavours } from '../core/model/flavours.ts';
import { type Json, objectAt, objectsAt, textAt } from './json.ts';
import { isForbidden, listAll, readList } from './list.ts';
import { pathOf } from './paths.ts';

const label = { labelSelector: 'app.kubernetes.io/name=aws-load-balancer-controller' };

/**
 * The controller Deployments of a cluster, found by the label of the helm chart in any namespace; in
 * kube-system alone where the person may not list them all. EKS Auto Mode has none.
 */
export async function readController(kube: KubeClient): Promise<Reading<Controller>> {
  const subject: Subject = { verb: 'list', resource: 'deployments', group: 'apps' };
  const all = await listAll(kube, subject, pathOf('deployments'), label);
  if (all.ok) return known({ deployments: all.items.map(deploymentOf) });
  if (!isForbidden(all.failure)) return unknown(kube.problem(all.failure, subject));
  const namespace = 'kube-system';
  const some = await readList(
    kube,
    { ...subject, namespace },
    pathOf('deployments', { namespace }),
    label,
  );
  return some.ok ? known({ deployments: some.value.map(deploymentOf) }) : some;
}

/**
 * Whether the CRD of TargetGroupBinding knows `multiClusterTargetGroup`: helm never upgrades CRDs,
 * so a new controller may have an old one. The CRD of EKS Auto Mode counts where the other is
 * absent. Where CRDs may not be read, the published schema tells. Problem `crd-missing`: neither.
 */
export async function readCrd(kube: KubeClient): Promise<Reading<boolean>> {
  const lbc = await readOne(kube, 'lbc');
  if (lbc.ok || lbc.problem.code !== 'crd-missing') return lbc;
  const auto = await readOne(kube, 'auto-mode');
  return auto.ok || auto.problem.code !== 'crd-missing' ? auto : lbc;
}

async function readOne(kube: KubeClient, flavour: Flavour): Promise<Reading<boolean>> {
  const { group, version } = flavours[flavour];
  const name = `targetgroupbindings.${group}`;
  const subject: Subject = {
    verb: 'get',
    resource: 'customresourcedefinitions',
    group: 'apiextensions.k8s.io',
    name,
  };
  const read = await kube.read({ subject, path: pathOf('customresourcedefinitions', { name }) });
  if (read.ok) {
    const served = objectsAt(objectAt(read.value, 'spec'), 'versions').find(
      (entry) => textAt(entry, 'name') === version,
    );
    return known(knowsFlag(objectAt(served, 'schema', 'openAPIV3Schema')));
  }
  if (read.problem.code === 'object-missing') {
    return unknown({
      code: 'crd-missing',
      message: `Cluster ${kube.context} does not have the CRD ${name}.`,
      hints: [kubectlHint({ context: kube.context }, 'get', 'crd', name)],
      about: { cluster: kube.context },
    });
  }
  if (read.problem.code !== 'api-forbidden') return read;
  return (await readPublished(kube, subject, flavour)) ?? read;
}

/** The same from OpenAPI, which every authenticated user may read; undefined when it is not there. */
async function readPublished(
  kube: KubeClient,
  subject: Subject,
  flavour: Flavour,
): Promise<Reading<boolean> | undefined> {
  const { group, version } = flavours[flavour];
  const read = await kube.read({ subject, path: `/openapi/v3/apis/${group}/${version}` });
  if (!read.ok) return undefined;
  const schemas = Object.values(objectAt(read.value, 'components', 'schemas'));
  const binding = schemas
    .map((schema) => objectAt(schema))
    .find((schema) =>
      objectsAt(schema, 'x-kubernetes-group-version-kind').some(
        (kind) => textAt(kind, 'kind') === 'TargetGroupBinding',
      ),
    );
  return binding && known(knowsFlag(binding));
}

const knowsFlag = (schema: Json): boolean =>
  'multiClusterTargetGroup' in objectAt(schema, 'properties', 'spec', 'properties');
