import { badValue, required } from '../faults.ts';
import { timestamp } from '../object.ts';
import type { FieldError } from '../status-error.ts';
import type { KindRules } from './kind-rules.ts';

/** The finalizer under which the objects of a definition that goes are deleted. */
export const CLEANUP = 'customresourcecleanup.apiextensions.k8s.io';

/**
 * A definition is established as it is written: the real server's controllers take some
 * milliseconds for it. Source: apiextensions-apiserver pkg/apis/apiextensions/validation.
 */
export const definitionRules: KindRules = {
  defaults(object, old) {
    const { spec } = object;
    // Held until the last object of the kind is gone; see garbage.ts.
    if (!old) object.metadata.finalizers ??= [CLEANUP];
    if (!spec?.names || !Array.isArray(spec.versions)) return;
    spec.names.singular ??= String(spec.names.kind).toLowerCase();
    spec.names.listKind ??= `${spec.names.kind}List`;
    spec.conversion ??= { strategy: 'None' };
    const stored = spec.versions.filter((version: { storage: boolean }) => version.storage);
    const at = object.metadata.creationTimestamp ?? timestamp(new Date(0));
    const condition = { status: 'True', lastTransitionTime: at };
    object.status = {
      conditions: [
        {
          ...condition,
          type: 'NamesAccepted',
          reason: 'NoConflicts',
          message: 'no conflicts found',
        },
        {
          ...condition,
          type: 'Established',
          reason: 'InitialNamesAccepted',
          message: 'the initial names have been accepted',
        },
      ],
      acceptedNames: spec.names,
      storedVersions: stored.map((version: { name: string }) => version.name),
    };
  },
  validate(object, old) {
    const faults: FieldError[] = [];
    const { spec } = object;
    if (!spec) return [required('spec')];
    for (const field of ['group', 'scope', 'names', 'versions'])
      if (!spec[field]?.length && field !== 'names') faults.push(required(`spec.${field}`));
      else if (!spec[field]) faults.push(required(`spec.${field}`));
    for (const field of ['plural', 'kind'])
      if (!spec.names?.[field]) faults.push(required(`spec.names.${field}`));
    if (faults.length > 0) return faults;
    if (object.metadata.name !== `${spec.names.plural}.${spec.group}`)
      faults.push(
        badValue('metadata.name', object.metadata.name, 'must be spec.names.plural+"."+spec.group'),
      );
    const storing = spec.versions.filter((version: { storage: boolean }) => version.storage);
    if (storing.length !== 1)
      faults.push(
        badValue(
          'spec.versions',
          spec.versions,
          'must have exactly one version marked as storage version',
        ),
      );
    if (old && old.spec.scope !== spec.scope)
      faults.push(badValue('spec.scope', spec.scope, 'field is immutable'));
    if (old && old.spec.names.kind !== spec.names.kind)
      faults.push(badValue('spec.names.kind', spec.names.kind, 'field is immutable'));
    return faults;
  },
};
