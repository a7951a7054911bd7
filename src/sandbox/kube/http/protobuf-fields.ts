/**
 * How a field is read: text, number, boolean, a message of another name, `map` of text, or
 * `intOrString`; `[]` after it for a list.
 */
type Field = readonly [name: string, type: string];
export type Message = Readonly<Record<number, Field>>;

function withMeta(fields: Message): Message {
  return { 1: ['metadata', 'ObjectMeta'], ...fields };
}

/**
 * Field numbers of what kubectl's generators send (`create namespace`, `create deployment`, `auth
 * can-i` and so on). Source: generated.proto of k8s.io/apimachinery and k8s.io/api.
 */
export const messages: Readonly<Record<string, Message>> = {
  ObjectMeta: {
    1: ['name', 'text'],
    2: ['generateName', 'text'],
    3: ['namespace', 'text'],
    5: ['uid', 'text'],
    6: ['resourceVersion', 'text'],
    11: ['labels', 'map'],
    12: ['annotations', 'map'],
  },
  Namespace: withMeta({}),
  ServiceAccount: withMeta({}),
  ConfigMap: withMeta({ 2: ['data', 'map'], 4: ['immutable', 'boolean'] }),
  Service: withMeta({ 2: ['spec', 'ServiceSpec'] }),
  ServiceSpec: {
    1: ['ports', 'ServicePort[]'],
    2: ['selector', 'map'],
    3: ['clusterIP', 'text'],
    4: ['type', 'text'],
    7: ['sessionAffinity', 'text'],
    10: ['externalName', 'text'],
    11: ['externalTrafficPolicy', 'text'],
    18: ['clusterIPs', 'text[]'],
  },
  ServicePort: {
    1: ['name', 'text'],
    2: ['protocol', 'text'],
    3: ['port', 'number'],
    4: ['targetPort', 'intOrString'],
    5: ['nodePort', 'number'],
    6: ['appProtocol', 'text'],
  },
  Deployment: withMeta({ 2: ['spec', 'DeploymentSpec'] }),
  DeploymentSpec: {
    1: ['replicas', 'number'],
    2: ['selector', 'LabelSelector'],
    3: ['template', 'PodTemplateSpec'],
  },
  LabelSelector: { 1: ['matchLabels', 'map'] },
  PodTemplateSpec: withMeta({ 2: ['spec', 'PodSpec'] }),
  PodSpec: { 2: ['containers', 'Container[]'], 3: ['restartPolicy', 'text'] },
  Container: {
    1: ['name', 'text'],
    2: ['image', 'text'],
    3: ['command', 'text[]'],
    4: ['args', 'text[]'],
    6: ['ports', 'ContainerPort[]'],
    14: ['imagePullPolicy', 'text'],
  },
  ContainerPort: { 1: ['name', 'text'], 3: ['containerPort', 'number'], 4: ['protocol', 'text'] },
  Role: withMeta({ 2: ['rules', 'PolicyRule[]'] }),
  ClusterRole: withMeta({ 2: ['rules', 'PolicyRule[]'] }),
  PolicyRule: {
    1: ['verbs', 'text[]'],
    2: ['apiGroups', 'text[]'],
    3: ['resources', 'text[]'],
    4: ['resourceNames', 'text[]'],
    5: ['nonResourceURLs', 'text[]'],
  },
  RoleBinding: withMeta({ 2: ['subjects', 'Subject[]'], 3: ['roleRef', 'RoleRef'] }),
  ClusterRoleBinding: withMeta({ 2: ['subjects', 'Subject[]'], 3: ['roleRef', 'RoleRef'] }),
  Subject: {
    1: ['kind', 'text'],
    2: ['apiGroup', 'text'],
    3: ['name', 'text'],
    4: ['namespace', 'text'],
  },
  RoleRef: { 1: ['apiGroup', 'text'], 2: ['kind', 'text'], 3: ['name', 'text'] },
  SelfSubjectReview: withMeta({}),
  SelfSubjectRulesReview: withMeta({ 2: ['spec', 'SelfSubjectRulesReviewSpec'] }),
  SelfSubjectRulesReviewSpec: { 1: ['namespace', 'text'] },
  SelfSubjectAccessReview: withMeta({ 2: ['spec', 'SelfSubjectAccessReviewSpec'] }),
  SelfSubjectAccessReviewSpec: {
    1: ['resourceAttributes', 'ResourceAttributes'],
    2: ['nonResourceAttributes', 'NonResourceAttributes'],
  },
  SubjectAccessReview: withMeta({ 2: ['spec', 'SubjectAccessReviewSpec'] }),
  SubjectAccessReviewSpec: {
    1: ['resourceAttributes', 'ResourceAttributes'],
    2: ['nonResourceAttributes', 'NonResourceAttributes'],
    3: ['user', 'text'],
    4: ['groups', 'text[]'],
  },
  ResourceAttributes: {
    1: ['namespace', 'text'],
    2: ['verb', 'text'],
    3: ['group', 'text'],
    4: ['version', 'text'],
    5: ['resource', 'text'],
    6: ['subresource', 'text'],
    7: ['name', 'text'],
  },
  DeleteOptions: {
    1: ['gracePeriodSeconds', 'number'],
    2: ['preconditions', 'Preconditions'],
    4: ['propagationPolicy', 'text'],
    5: ['dryRun', 'text[]'],
  },
  Preconditions: { 1: ['uid', 'text'], 2: ['resourceVersion', 'text'] },
  NonResourceAttributes: { 1: ['path', 'text'], 2: ['verb', 'text'] },
};
