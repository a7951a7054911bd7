import {
  attributesAnnotation,
  lastAppliedAnnotation,
  multiClusterAnnotation,
  parseFlag,
} from '../model/annotations.ts';
import { attributeReader } from '../observed/attribute-reader.ts';
import { attributeItems } from '../model/attributes.ts';
import { check, type Check } from '../plan/check.ts';
import { editServiceHint, noted, serviceEventsHint } from '../model/hint.ts';
import { enableHint } from '../model/nlbmc-hints.ts';
import { nameText } from '../model/kubernetes.ts';
import { rewritersOf } from '../observed/managers.ts';
import { listed } from '../model/words.ts';
import { aboutService, type ServiceCase } from './service-case.ts';

/** A Service whose annotations are about to be written; `after` is empty when they are not. */
export interface AnnotationCase extends ServiceCase {
  readonly after: Readonly<Record<string, string>>;
}

const short = (key: string): string => key.slice(key.indexOf('/') + 1);

/** The attributes can be edited without breaking what the controller makes of them. */
export const attributesParse = check<ServiceCase>('attributes-malformed', 'blocker', (subject) => {
  const { cluster, service } = subject;
  const items = attributeItems(service.annotations[attributesAnnotation], attributeReader(cluster));
  if (!('kind' in items)) return undefined;
  return {
    message: `The annotation ${short(attributesAnnotation)} of Service ${nameText(service)} in ${cluster.context} has the item ${JSON.stringify(items.item)}, which the controller cannot use: ${items.reason}.`,
    about: aboutService(subject),
    hints: [editServiceHint(cluster.context, service)],
    details: [`now: ${JSON.stringify(service.annotations[attributesAnnotation])}`],
  };
});

/** The flag can be parsed: the controller stops reconciling the Service on any other text. */
export const flagParses = check<ServiceCase>('flag-malformed', 'caution', (subject) => {
  const { cluster, service } = subject;
  const value = service.annotations[multiClusterAnnotation];
  if (value === undefined || parseFlag(value) !== undefined) return undefined;
  return {
    message: `The annotation ${short(multiClusterAnnotation)} of Service ${nameText(service)} in ${cluster.context} is ${JSON.stringify(value)}, so the controller has stopped reconciling the Service. Once it is "true", the controller makes all changes that it has not made since.`,
    about: aboutService(subject),
    hints: [serviceEventsHint(cluster.context, service)],
  };
});

const unmanaged = check<AnnotationCase>('managed-elsewhere', 'caution', (subject) => {
  const { cluster, service, after } = subject;
  const rewriters = Object.keys(after).length === 0 ? [] : rewritersOf(service, after);
  if (rewriters.length === 0) return undefined;
  const grave = rewriters.some(({ unattended }) => unattended);
  return {
    message: `Service ${nameText(service)} in ${cluster.context} is also written by ${listed(
      rewriters.map(({ name }) => name),
    )}: if it sets the flag back, the controller deregisters the targets of every other cluster.`,
    about: aboutService(subject),
    hints: [
      noted(
        enableHint(service, cluster.context, { output: 'manifest' }),
        'put these annotations into its source first',
      ),
    ],
    details: Object.keys(after).map(
      (key) =>
        `${key}: ${listed(service.annotationManagers[key] ?? []) || 'no manager'} owns it now${
          service.annotations[lastAppliedAnnotation]?.includes(key)
            ? '; the document applied last has it'
            : ''
        }`,
    ),
    ...(grave ? { grave } : {}),
  };
});

/** What has to be true of the annotations before they are written. */
export const annotationChecks: readonly Check<AnnotationCase>[] = [
  attributesParse,
  flagParses,
  unmanaged,
];
