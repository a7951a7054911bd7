/** A kind of difference between the practice API server and the real one that stays, and why it does no harm. */
interface KnownDifference {
  /** Of a line that `compareRequests` gives. */
  readonly line: RegExp;
  readonly why: string;
}

/** No more kinds than this, ever fewer: one that is mended goes, and one that no seed shows any more fails the lab. */
export const MOST_KNOWN_DIFFERENCES = 4;

export const knownDifferences: readonly KnownDifference[] = [
  {
    line: /^PATCH merge deployments\/scale \/fresh: true <> false/,
    why: 'A scale that changes nothing makes a new version there, because it notes a manager without fields.',
  },
  {
    line: /^\w+( \w+)? deployments \/object\/metadata\/managedFields\/.*(f:replicas|"scale")/,
    why: 'Who owns replicas after a scale: there, the manager of the scale is lost at the next write.',
  },
  {
    line: /^PATCH merge targetgroupbindings \/fresh: true <> false/,
    why: 'Empty lists in the metadata of an applied custom resource are dropped there by the second write only.',
  },
  {
    line: /^\w+( \w+)? configmaps .*binaryData: FieldValueForbidden/,
    why: 'An empty binaryData counts there as a change of an immutable ConfigMap without one.',
  },
];
