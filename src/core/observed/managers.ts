import { lastAppliedAnnotation, multiClusterAnnotation } from '../model/annotations.ts';
import type { Binding, Service } from '../model/kubernetes.ts';

/** Somebody who may write an annotation again, and whether a machine does so by itself. */
export interface Rewriter {
  readonly name: string;
  /** Reverts without a person who could be told. */
  readonly unattended: boolean;
}

/** Marks that a tool leaves on what it deploys, and how people call the tool. */
const marks: readonly { readonly key: RegExp; readonly value?: RegExp; readonly name: string }[] = [
  { key: /^argocd\.argoproj\.io\/(tracking-id|instance)$/, name: 'Argo CD' },
  { key: /^kustomize\.toolkit\.fluxcd\.io\/name$/, name: 'Flux (Kustomization)' },
  { key: /^helm\.toolkit\.fluxcd\.io\/name$/, name: 'Flux (HelmRelease)' },
  { key: /^meta\.helm\.sh\/release-name$/, name: 'Helm' },
  { key: /^app\.kubernetes\.io\/managed-by$/, value: /^Helm$/, name: 'Helm' },
  { key: /^pulumi\.com\/autonamed$/, name: 'Pulumi' },
];

/** Field managers of tools that write from a source of their own. */
const machines = /^(argocd|kustomize-controller|helm|flux|terraform|pulumi|config-management)/i;

/** Field managers of a person's one command: nothing will repeat it. */
const oneOff =
  /^(nlbmc(-handover)?|kubectl-(create|edit|patch|annotate|label|replace|expose|set|rollout|client-side-apply|last-applied))$/;

/**
 * Field managers whose server-side apply is no tool that deploys from a source: a person's kubectl,
 * nlbmc, and the controller (`controller`: the name of its binary).
 */
const applyingByHand = /^(kubectl(-.*)?|nlbmc|controller|aws-load-balancer-controller)$/;

/** The annotations in the document that `kubectl apply` left; undefined: none, or not JSON. */
function lastApplied(service: Service): Readonly<Record<string, unknown>> | undefined {
  const text = service.annotations[lastAppliedAnnotation];
  if (text === undefined) return undefined;
  try {
    const document = JSON.parse(text) as {
      metadata?: { annotations?: Record<string, unknown> };
    } | null;
    return document?.metadata?.annotations ?? {};
  } catch {
    return undefined;
  }
}

/** Tools that deploy an object from a source: by the marks that they leave, and by their managers' names. */
function toolsOf(
  o: Pick<Service, 'labels' | 'annotations' | 'appliers'>,
  managers: readonly string[],
): readonly string[] {
  const marked = [...Object.entries(o.labels), ...Object.entries(o.annotations)].flatMap(
    ([key, value]) =>
      marks.flatMap((mark) =>
        mark.key.test(key) && (mark.value?.test(value) ?? true) ? [mark.name] : [],
      ),
  );
  return [
    ...marked,
    ...managers.filter((manager) => machines.test(manager)),
    ...o.appliers.filter((manager) => !applyingByHand.test(manager)),
  ];
}

/** Tools that deploy a binding from a source, and would write it again. */
export const toolsOfBinding = ({
  labels,
  annotations,
  managers,
}: Pick<Binding, 'labels' | 'annotations' | 'managers'>): readonly string[] => [
  ...new Set(toolsOf({ labels, annotations, appliers: managers.appliers }, managers.flag)),
];

/** Managers of the flag that a patch would overrule: not a person's one command. */
export const flagOwners = ({ managers }: Pick<Binding, 'managers'>): readonly string[] =>
  managers.flag.filter((manager) => !oneOff.test(manager));

/**
 * Who would write these annotation values again. A tool that deploys from a source counts always:
 * whether it leaves foreign keys alone is its configuration (Argo CD with Replace, Terraform's
 * whole-map annotations). What applies server-side and is not known counts as such a tool. Plain `kubectl apply` merges three ways: it removes a key only if the
 * document applied last had it, so a key that is missing there is safe, and one that is there with
 * another value is set back by the next apply of that file. Server-side apply by a person counts
 * where it owns the annotation: it ends in a conflict, or with --force-conflicts in a revert.
 */
export function rewritersOf(
  service: Service,
  after: Readonly<Record<string, string>>,
): readonly Rewriter[] {
  const found = new Map<string, Rewriter>();
  const add = (name: string, unattended: boolean): void => {
    if (found.get(name)?.unattended !== true) found.set(name, { name, unattended });
  };
  const managers = Object.values(service.annotationManagers).flat();
  for (const name of toolsOf(service, managers)) add(name, true);
  const applied = lastApplied(service) ?? {};
  for (const [key, value] of Object.entries(after)) {
    if (service.annotations[key] === value) continue;
    if (applied[key] !== undefined && applied[key] !== value) add('kubectl apply', true);
    for (const manager of service.annotationManagers[key] ?? []) {
      if (!oneOff.test(manager)) add(manager, manager !== 'kubectl');
    }
  }
  return [...found.values()];
}

/**
 * Tools that deploy the Service from a source and have set its flag back, or will: by their marks, and by
 * `managedFields` where the annotation is there with another value.
 */
export const flagReverters = (service: Service): readonly string[] =>
  rewritersOf(service, { [multiClusterAnnotation]: 'true' })
    .filter(({ unattended }) => unattended)
    .map(({ name }) => name);

/** The same of a binding that is for a tool to deploy: its marks, and who owns the flag or applied the rest. */
export const bindingReverters = (binding: Pick<Binding, 'labels' | 'annotations' | 'managers'>) => [
  ...new Set([
    ...toolsOfBinding(binding),
    ...flagOwners(binding).filter((one) => machines.test(one)),
  ]),
];
