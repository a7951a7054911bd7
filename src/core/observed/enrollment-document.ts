import * as v from 'valibot';
import { parseArn } from '../model/arn.ts';
import { parseTarget } from '../model/target-key.ts';

// The one place that says what an Enrollment document is: its types and its parser come from it.
// Each message follows the path of a value: `ports[0].port is not a port`.

const text = v.pipe(v.string('is not a text'), v.nonEmpty('is not a text'));
const number = v.pipe(v.number('is not a number'), v.finite('is not a number'));
const flag = v.boolean('is not true or false');
const portName = v.union(
  [v.pipe(v.number(), v.integer('is not a port')), v.string()],
  'is not a port',
);
const texts = v.pipe(
  v.record(v.string(), v.string('is not a text'), 'is not an object'),
  v.readonly(),
);
const targetGroupArn = v.pipe(
  v.string('is not the ARN of a target group'),
  v.check((value) => parseArn(value)?.kind === 'target-group', 'is not the ARN of a target group'),
);
const targetEntry = v.pipe(
  v.string('is not a target (id:port)'),
  v.check((value) => parseTarget(value) !== undefined, 'is not a target (id:port)'),
);

const oneOf = <const Words extends readonly [string, ...string[]]>(...words: Words) =>
  v.picklist(words, `is not ${words.join(' or ')}`);

const listOf = <Item extends v.GenericSchema>(item: Item) =>
  v.pipe(v.array(item, 'is not a list'), v.readonly());

/** An object with these fields; others, of a later version, are passed over. */
const fields = <Entries extends v.ObjectEntries>(entries: Entries) =>
  v.pipe(
    v.object(entries, ({ expected }) =>
      expected === 'Object' ? 'is not an object' : 'is missing',
    ),
    v.readonly(),
  );

const named = { namespace: text, name: text };

const binding = fields({
  ...named,
  port: portName,
  /** The Service that it is for; absent in documents of older versions. */
  service: v.exactOptional(text),
  multiCluster: flag,
  /** Ids as `id:port`; null: no ConfigMap, or unread. */
  tracked: v.nullable(listOf(targetEntry)),
  /** Its target group; absent in documents of older versions. */
  targetGroup: v.exactOptional(targetGroupArn),
  /** Its endpoints that were registered; null: unread. Absent in documents of older versions. */
  registered: v.exactOptional(v.nullable(listOf(targetEntry))),
});

/** A port of the Service behind a binding: what the rules of the binding were made from. */
const servicePort = fields({
  name: v.exactOptional(text),
  port: number,
  targetPort: portName,
  nodePort: v.exactOptional(number),
  protocol: text,
});

const rule = fields({
  from: listOf(
    fields({
      securityGroup: v.exactOptional(fields({ groupID: text })),
      ipBlock: v.exactOptional(fields({ cidr: text })),
    }),
  ),
  ports: listOf(fields({ protocol: v.exactOptional(text), port: v.exactOptional(portName) })),
});

const healthCheck = fields({
  enabled: flag,
  protocol: text,
  port: text,
  path: v.exactOptional(text),
  matcher: v.exactOptional(text),
  intervalSeconds: number,
  timeoutSeconds: number,
  healthyThreshold: number,
  unhealthyThreshold: number,
});

const port = fields({
  port: portName,
  listenerPorts: v.nullable(listOf(number)),
  targetGroup: fields({
    arn: targetGroupArn,
    name: v.nullable(text),
    type: oneOf('ip', 'instance'),
    protocol: v.nullable(text),
    port: v.nullable(number),
    ipFamily: oneOf('ipv4', 'ipv6'),
    vpcId: v.nullable(text),
    healthCheck: v.nullable(healthCheck),
    attributes: v.nullable(texts),
  }),
  /** Rules of the binding that names the target group; null: the controller opens nothing. */
  networking: v.nullable(listOf(rule)),
  /** Nodes that the binding selects; absent: all. */
  nodeSelector: v.exactOptional(
    v.pipe(v.record(v.string(), v.unknown(), 'is not an object'), v.readonly()),
  ),
  /** Null: the Service has no such port, or was not read. Absent in documents of older versions. */
  servicePort: v.exactOptional(v.nullable(servicePort)),
  binding,
});

const loadBalancer = fields({
  arn: text,
  name: text,
  dnsName: text,
  scheme: text,
  state: text,
  zones: listOf(text),
  securityGroups: listOf(text),
  attributes: v.nullable(texts),
});

const backendGroup = fields({
  id: text,
  name: v.nullable(text),
  foundBy: oneOf('tag', 'controller flag', 'description', 'rules'),
  onLoadBalancer: v.nullable(flag),
});

const member = fields({
  context: text,
  /** `member`: who owns the load balancer could not be read. */
  role: oneOf('primary', 'secondary', 'peer', 'member'),
  /** What its controllers call the cluster, as EC2's tags do; absent in documents of older versions. */
  clusterNames: v.exactOptional(listOf(text)),
  /** VPC that its controllers name; null: they name none, or several. */
  vpcId: v.exactOptional(v.nullable(text)),
  /** UID of the namespace kube-system. */
  identity: v.nullable(text),
  /** UID of its own Service; null: none, or unread. Absent in documents of older versions. */
  serviceUid: v.exactOptional(v.nullable(text)),
  bindings: listOf(binding),
});

const ownerKind = oneOf('service', 'gateway', 'ingress');

/** How the tags in AWS and the clusters contradict each other about the owner. */
const disputes = [
  'two-claims',
  'claim-without-tags',
  'tags-of-another',
  'tags-without-claim',
  'groups-of-another',
] as const;

/**
 * The enrollment as `show` prints it: plain data that YAML and JSON carry there and back. Strict:
 * every field has to be there in its form, since nlbmc deregisters targets because of it.
 */
export const enrollment = fields({
  apiVersion: oneOf('nlbmc/v1'),
  kind: oneOf('Enrollment'),
  metadata: fields(named),
  at: text,
  region: v.nullable(text),
  account: v.nullable(text),
  vpcId: v.nullable(text),
  loadBalancer: v.nullable(loadBalancer),
  backendGroups: listOf(backendGroup),
  /** Who owns the load balancer; null: unknown. Absent in documents of older versions: a Service does. */
  owner: v.exactOptional(
    v.nullable(
      v.union(
        [
          fields({ kind: oneOf('none') }),
          fields({
            kind: oneOf('disputed'),
            reason: oneOf(...disputes),
            /** Who claims it: objects of listed clusters whose controllers act for them. */
            claims: listOf(
              fields({
                kind: ownerKind,
                namespace: v.string('is not a text'),
                name: text,
                context: text,
              }),
            ),
            /** What the tags of the load balancer say; null: they name no owner, or could not be read. */
            tags: v.nullable(
              fields({
                kind: ownerKind,
                namespace: v.string('is not a text'),
                name: text,
                clusterName: v.nullable(text),
              }),
            ),
          }),
          fields({
            kind: ownerKind,
            namespace: v.string('is not a text'),
            name: text,
            /** Where it is; null: that cluster was not listed. */
            context: v.nullable(text),
            /** What its controller calls that cluster, where only AWS's tags tell. */
            clusterName: v.nullable(text),
          }),
        ],
        'is not an owner',
      ),
    ),
  ),
  /** The cluster whose Service owns it, where that was listed. */
  primary: v.nullable(
    fields({
      context: text,
      identity: v.nullable(text),
      /** Whether that Service has the multi-cluster annotation; null: unread. Absent in documents of older versions. */
      sharing: v.exactOptional(v.nullable(flag)),
    }),
  ),
  ports: listOf(port),
  /** Ports of the primary's Service that have no binding, and so no target group here. */
  unboundPorts: listOf(number),
  members: listOf(member),
  /** Contexts that were listed, were read, and have no binding on these target groups. */
  notEnrolled: listOf(text),
  /** What could not be read, a sentence each: a null above may be one of these. */
  unknown: listOf(text),
});

export type Enrollment = v.InferOutput<typeof enrollment>;
export type EnrolledPort = v.InferOutput<typeof port>;
/** A binding of a cluster on a port. */
export type EnrolledBinding = v.InferOutput<typeof binding>;

/** The object that owned the load balancer when the document was written; undefined: none, or that was not known. */
export const owningIn = ({ owner }: Pick<Enrollment, 'owner'>) =>
  owner && 'name' in owner ? owner : undefined;
