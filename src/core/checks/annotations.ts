import {
  attributesAnnotation,
  lastAppliedAnnotation,
  multiClusterAnnotation,
  parseFlag,
} from '../model/annotations.ts';
import { attributeItems } from '../model/attributes.ts';
import { failing, type Check } from '../plan/check.ts';
import { eventsOfService, kubectl, nlbmc } from '../model/commands.ts';
import { nameText } from '../model/kubernetes.ts';
import { rewritersOf } from '../observed/managers.ts';
import { listed } from '../model/words.ts';
import type { ServiceCase } from './service.ts';

/** A Service whose annotations are about to be written; `after` is empty when they are not. */
export interface AnnotationCase extends ServiceCase {
  readonly after: Readonly<Record<string, string>>;
}

const short = (key: string): string => key.slice(key.indexOf('/') + 1);

/** The attributes can be edited without breaking what the controller makes of them. */
export const attributesParse: Check<AnnotationCase> = {
  id: 'attributes-malformed',
  severity: 'blocker',
  run({ cluster, service }) {
    const items = attributeItems(service.annotations[attributesAnnotation]);
    if (!('kind' in items)) return failing([]);
    return failing([
      {
        code: 'attributes-malformed',
        message: `The annotation ${short(attributesAnnotation)} of Service ${nameText(service)} in ${cluster.context} has the item ${JSON.stringify(items.item)}, which the controller cannot use: ${items.reason}.`,
        hint: kubectl(
          { context: cluster.context, namespace: service.namespace },
          'annotate',
          'service',
          service.name,
          '--overwrite',
          `${attributesAnnotation}=KEY=VALUE,KEY=VALUE`,
        ),
        details: [`now: ${JSON.stringify(service.annotations[attributesAnnotation])}`],
        cluster: cluster.context,
      },
    ]);
  },
};

const flag: Check<AnnotationCase> = {
  id: 'flag-malformed',
  severity: 'caution',
  run({ cluster, service }) {
    const value = service.annotations[multiClusterAnnotation];
    if (value === undefined || parseFlag(value) !== undefined) return failing([]);
    // The controller stops reconciling the Service on it; with `true` all that waited is done.
    return failing([
      {
        code: 'flag-malformed',
        message: `The annotation ${short(multiClusterAnnotation)} of Service ${nameText(service)} in ${cluster.context} is ${JSON.stringify(value)}, so the controller has stopped reconciling the Service; "true" lets it go on with everything that waited.`,
        hint: eventsOfService(cluster.context, service),
        cluster: cluster.context,
      },
    ]);
  },
};

const unmanaged: Check<AnnotationCase> = {
  id: 'managed-elsewhere',
  severity: 'caution',
  run({ cluster, service, after }) {
    const rewriters = Object.keys(after).length === 0 ? [] : rewritersOf(service, after);
    if (rewriters.length === 0) return failing([]);
    const grave = rewriters.some(({ unattended }) => unattended);
    return failing([
      {
        code: 'managed-elsewhere',
        message: `Service ${nameText(service)} in ${cluster.context} is written by ${listed(
          rewriters.map(({ name }) => name),
        )} too: when the flag is set back there, the controller deregisters the targets of every other cluster.`,
        hint: `${nlbmc('enable', service, '--context', cluster.context, '-o', 'manifest')}   # put these annotations into its source first`,
        details: Object.keys(after).map(
          (key) =>
            `${key}: ${listed(service.annotationManagers[key] ?? []) || 'nobody'} owns it now${
              service.annotations[lastAppliedAnnotation]?.includes(key)
                ? '; it is in the document applied last'
                : ''
            }`,
        ),
        cluster: cluster.context,
        ...(grave ? { grave } : {}),
      },
    ]);
  },
};

/** What has to be true of the annotations before they are written. */
export const annotationChecks: readonly Check<AnnotationCase>[] = [
  attributesParse,
  flag,
  unmanaged,
];
