import type { Goal } from '../core/plan/goal.ts';

/** Kinds of goals in a few words, and the value after them: a sum of counts, or a word. */
export const reached: Readonly<
  Record<Goal['kind'], readonly [text: string, value: 'counts' | 'on' | 'off' | '']>
> = {
  'binding-multi-cluster': ['bindings multi-cluster', 'counts'],
  'still-multi-cluster': ['enrolled cluster still multi-cluster', ''],
  'endpoints-tracked': ['own targets tracked', 'counts'],
  'none-leaked': ['no leaked target', ''],
  'endpoints-healthy': ['endpoints healthy', 'counts'],
  'deletion-protection': ['deletion protection', 'on'],
  'deletion-unprotected': ['deletion protection', 'off'],
  'targets-gone': ['targets drained', 'counts'],
  'binding-gone': ['bindings deleted', 'counts'],
  'service-gone': ['Service deleted', ''],
  'tracking-gone': ['tracking ConfigMaps deleted', 'counts'],
  'binding-exclusive': ['bindings exclusive', 'counts'],
  'binding-back': ['bindings created again', 'counts'],
  'binding-mended': ['endpoints tracked and registered', 'counts'],
  'listener-back': ['listeners created again', 'counts'],
  'tracked-exactly': ['tracked targets exact', 'counts'],
  'service-released': ['Service released', ''],
  'tags-settled': ['resources with the new tags', 'counts'],
  'controller-restarted': ['controllers restarted', ''],
  'service-adopted': ['load balancer taken on', ''],
  'rules-applied': ['network rules in place', ''],
  'group-removed': ['security group removed', ''],
};
