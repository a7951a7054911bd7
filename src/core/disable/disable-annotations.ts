import { attributesAnnotation, multiClusterAnnotation, parseFlag } from '../model/annotations.ts';
import {
  mentionsProtection,
  protectionAttribute,
  type Reader,
  refusesProtection,
  withoutProtection,
} from '../model/attributes.ts';
import type { DisableIntent } from '../model/intent.ts';
import type { Binding, Service } from '../model/kubernetes.ts';
import type { Observed } from '../observed/observed.ts';
import { valueOf } from '../model/problem.ts';

export type Annotations = Readonly<Record<string, string>>;

/**
 * The annotations as `disable` leaves them, of those that it was asked about. Both are written explicitly: a
 * dropped attribute would stay in AWS, and a dropped flag would look as if no person had decided.
 */
export function wantedAnnotations(
  { annotations }: Service,
  { allowDeletion, exclusive }: DisableIntent,
  reader: Reader,
): Annotations {
  const flag = annotations[multiClusterAnnotation];
  const isOff = flag !== undefined && parseFlag(flag) === false;
  const attributes = withoutProtection(annotations[attributesAnnotation], reader);
  return {
    ...(exclusive ? { [multiClusterAnnotation]: isOff ? flag : 'false' } : {}),
    ...(allowDeletion && typeof attributes === 'string'
      ? { [attributesAnnotation]: attributes }
      : {}),
  };
}

/** Those of them that have to be written: not what holds already, said or unsaid. */
export function changedAnnotations(
  observed: Observed,
  { annotations }: Service,
  bindings: readonly Binding[],
  wanted: Annotations,
  reader: Reader,
): Annotations {
  const balancer = valueOf(observed.loadBalancer);
  const inAws = balancer && valueOf(balancer.attributes)?.[protectionAttribute];
  const text = annotations[attributesAnnotation];
  const isFree =
    refusesProtection(text, reader) || (!mentionsProtection(text, reader) && inAws === 'false');
  const isAlone =
    parseFlag(annotations[multiClusterAnnotation] ?? 'false') === false &&
    bindings.every(({ multiCluster }) => !multiCluster);
  return Object.fromEntries(
    Object.entries(wanted).filter(
      ([key, value]) =>
        annotations[key] !== value && !(key === attributesAnnotation ? isFree : isAlone),
    ),
  );
}
