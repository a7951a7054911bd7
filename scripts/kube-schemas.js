// Writes the shapes of the built-in kinds that the practice API server has, as compact JSON. They
// are read off the models of @kubernetes/client-node, which are generated from Kubernetes' own
// OpenAPI document: field names, types, what is required, and the first sentence of each comment.
// What the models do not carry (list keys, patch strategies) is in src/sandbox/kube/schema/markers.ts.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const META = 'io.k8s.apimachinery.pkg.apis.meta.v1';
const CORE = 'io.k8s.api.core.v1';

// Package by package, in an order in which each type is met first in the package that declares it:
// the models are named without it. A PodTemplateSpec is core, though only apps refers to it.
const ROOTS = [
  [
    META,
    ['V1ObjectMeta', 'V1ListMeta', 'V1LabelSelector', 'V1Condition', 'V1Status', 'V1DeleteOptions'],
  ],
  [
    CORE,
    [
      'V1Namespace',
      'V1NamespaceList',
      'V1Node',
      'V1NodeList',
      'V1Pod',
      'V1PodList',
      'V1PodTemplateSpec',
      'V1Service',
      'V1ServiceList',
      'V1ConfigMap',
      'V1ConfigMapList',
      'CoreV1Event',
      'CoreV1EventList',
      'V1ServiceAccount',
      'V1ServiceAccountList',
      'V1Secret',
      'V1SecretList',
    ],
  ],
  ['io.k8s.api.apps.v1', ['V1Deployment', 'V1DeploymentList', 'V1ReplicaSet', 'V1ReplicaSetList']],
  ['io.k8s.api.autoscaling.v1', ['V1Scale']],
  ['io.k8s.api.coordination.v1', ['V1Lease', 'V1LeaseList']],
  ['io.k8s.api.discovery.v1', ['V1EndpointSlice', 'V1EndpointSliceList']],
  ['io.k8s.api.authorization.v1', ['V1SelfSubjectAccessReview']],
  [
    'io.k8s.api.rbac.v1',
    [
      'V1Role',
      'V1RoleList',
      'V1RoleBinding',
      'V1RoleBindingList',
      'V1ClusterRole',
      'V1ClusterRoleList',
      'V1ClusterRoleBinding',
      'V1ClusterRoleBindingList',
    ],
  ],
  [
    'io.k8s.api.admissionregistration.v1',
    [
      'V1MutatingWebhookConfiguration',
      'V1MutatingWebhookConfigurationList',
      'V1ValidatingWebhookConfiguration',
      'V1ValidatingWebhookConfigurationList',
    ],
  ],
  [
    'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1',
    ['V1CustomResourceDefinition', 'V1CustomResourceDefinitionList'],
  ],
];

// The models say `string` for resource.Quantity, which also takes a number.
const QUANTITY_MAPS =
  /^(limits|requests|capacity|allocatable|overhead|allocatedResources|consumedCapacity)$/;
const QUANTITIES = /^(sizeLimit|divisor)$/;

const SCALARS = {
  string: 's',
  boolean: 'b',
  number: 'n',
  Date: 't',
  V1MicroTime: 't',
  any: 'a',
  object: 'a',
  IntOrString: 'x',
};
const FORMATS = { int32: 'i', int64: 'l', byte: 'y' };

const models = join(
  dirname(fileURLToPath(import.meta.resolve('@kubernetes/client-node'))),
  'gen/models',
);

function typeName(model) {
  return model.replace(/^(Core|Discovery|Apiextensions|Admissionregistration|Rbac)?V1/, '');
}

function firstSentence(comment) {
  const text = comment
    .replace(/\\(['"])/g, '$1')
    .replace(/\s+/g, ' ')
    .trim();
  const end = text.search(/\.(\s|$)/);
  return end < 0 ? text : text.slice(0, end + 1);
}

/** One code per type: `s`, `i`, …; `[]` and `{}` before what a list or a map holds; `@name` for a definition. */
function encode(type, format, field, refer) {
  const list = /^Array<(.*)>$/.exec(type) ?? /^Set<(.*)>$/.exec(type);
  if (list) return `[]${encode(list[1], format, field, refer)}`;
  const map = /^\{ \[key: string\]: (.*); \}$/.exec(type);
  if (map) return `{}${QUANTITY_MAPS.test(field) ? 'q' : encode(map[1], format, field, refer)}`;
  if (type === 'string' && QUANTITIES.test(field)) return 'q';
  if (type in SCALARS) return FORMATS[format] ?? SCALARS[type];
  return `@${refer(type)}`;
}

async function readModel(model, refer) {
  const { [model]: found } = await import(pathToFileURL(join(models, `${model}.js`)).href);
  const declared = await readFile(join(models, `${model}.d.ts`), 'utf8');
  const about = /\/\*\*\s*\*([^]*?)\*\/\s*export declare class/.exec(
    declared.slice(declared.indexOf('*/') + 2),
  );
  const fields = {};
  for (const { name, baseName, type, format } of found.getAttributeTypeMap()) {
    const line = new RegExp(
      `(?:/\\*\\*\\s*\\*([^\\n]*)\\n\\s*\\*/\\s*)?'${name.replace(/\$/g, '\\$')}'(\\??):`,
    ).exec(declared);
    if (!line) throw new Error(`${model}.${name}: not found in its declaration`);
    const code = encode(type, format, baseName, refer);
    fields[baseName] = [line[2] ? code : `${code}!`, firstSentence(line[1] ?? '')];
  }
  return { d: firstSentence(about?.[1] ?? ''), p: fields };
}

/**
 * Writes the definitions reachable from the kinds served to `outFile`, by name
 * (`io.k8s.api.core.v1.ServicePort`), in an order that depends on nothing but the models.
 */
export async function writeKubeSchemas(outFile) {
  const names = new Map();
  for (const [group, roots] of ROOTS) {
    const todo = [];
    const refer = (model) => {
      if (!names.has(model)) {
        names.set(model, { name: `${group}.${typeName(model)}` });
        todo.push(model);
      }
      return names.get(model).name;
    };
    roots.forEach(refer);
    while (todo.length > 0) {
      const model = todo.shift();
      names.get(model).definition = await readModel(model, refer);
    }
  }
  const sorted = [...names.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  const text = JSON.stringify(
    Object.fromEntries(sorted.map(({ name, definition }) => [name, definition])),
  );
  await mkdir(dirname(outFile), { recursive: true });
  await writeFile(outFile, `${text}\n`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await writeKubeSchemas(fileURLToPath(new URL('../dist/kube-schemas.json', import.meta.url)));
}
