import type { AwsAccount } from '../aws/account.ts';
import type { IpFamily } from '../kube/ip-family.ts';
import type { Clusters } from './apply.ts';
import { arrangeAutoMode } from './auto-mode.ts';
import { arrangeDns } from './dns.ts';
import { arrangeGitops } from './gitops.ts';
import { arrangeIngress } from './ingress.ts';
import { arrangeInstance } from './instance.ts';
import { arrangeIpv6 } from './ipv6.ts';
import { arrangeMultiPort } from './multi-port.ts';
import { arrangeNewWorkload } from './new-workload.ts';
import { arrangeNoOwner } from './no-owner.ts';
import { arrangeOldController } from './old-controller.ts';
import { arrangeTwoVpcs, peeredVpc } from './two-vpcs.ts';
import { arrangeWalkthrough } from './walkthrough.ts';

export type ScenarioName =
  | 'walkthrough'
  | 'new-workload'
  | 'multi-port'
  | 'instance'
  | 'old-controller'
  | 'no-owner'
  | 'ingress'
  | 'dns'
  | 'auto-mode'
  | 'ipv6'
  | 'two-vpcs'
  | 'gitops';

/** Which controllers a cluster has; `both`: one was installed beside that of EKS Auto Mode. */
export type Controllers = 'lbc' | 'auto-mode' | 'both';

/** Where a cluster is, and the family of its addresses. */
export interface Place {
  /** The first VPC of the account without it. */
  readonly vpcId?: string;
  readonly ipFamily?: IpFamily;
}

/** What a world holds when it is handed over. */
export interface Scenario {
  /** One line for people: what is there. */
  readonly summary: string;
  /** Names of the clusters unless others are named. */
  readonly clusters: readonly string[];
  /** Name of the app's Deployment, once it is there, and of its Service. */
  readonly app: string;
  /** The controller's version where it is not the newest. */
  readonly controllerVersion?: (role: 'primary' | 'secondary') => string | undefined;
  /** Which controllers the clusters have, where it is not the open-source one alone. */
  readonly controllers?: (role: 'primary' | 'secondary') => Controllers;
  /** Where the clusters are, where it is not the first VPC with IPv4; may make the VPC. */
  readonly place?: (role: 'primary' | 'secondary', aws: AwsAccount) => Place;
  arrange(clusters: Clusters): void;
}

const PAIR = ['pri-eks-clu1', 'sec-eks-clu1'];

export const scenarios: Readonly<Record<ScenarioName, Scenario>> = {
  walkthrough: {
    summary: 'nginx runs in the primary behind an NLB of its own; the others are empty',
    clusters: PAIR,
    app: 'nginx',
    arrange: arrangeWalkthrough,
  },
  'new-workload': {
    summary: 'nginx runs in the primary and has no Service yet; the others are empty',
    clusters: PAIR,
    app: 'nginx',
    arrange: arrangeNewWorkload,
  },
  'multi-port': {
    summary: 'nginx with the ports 80 and 8080 in every cluster; the NLB is the primary’s alone',
    clusters: PAIR,
    app: 'nginx',
    arrange: arrangeMultiPort,
  },
  instance: {
    summary: 'nginx in every cluster, reached through node ports; the NLB is the primary’s alone',
    clusters: PAIR,
    app: 'nginx',
    arrange: arrangeInstance,
  },
  'old-controller': {
    summary:
      'as walkthrough, with nginx in every cluster and controllers too old in the secondaries',
    // The last line that does not know the field: it came with v2.10.
    controllerVersion: (role) => (role === 'secondary' ? 'v2.9.2' : undefined),
    clusters: PAIR,
    app: 'nginx',
    arrange: arrangeOldController,
  },
  ipv6: {
    summary: 'nginx in two clusters of IPv6; the dual-stack NLB is the primary’s alone',
    clusters: PAIR,
    app: 'nginx',
    place: () => ({ ipFamily: 'IPv6' }),
    arrange: arrangeIpv6,
  },
  'two-vpcs': {
    summary: 'nginx in two clusters, the second in a peered VPC; the NLB is the primary’s alone',
    clusters: PAIR,
    app: 'nginx',
    place: (role, aws) => (role === 'primary' ? {} : { vpcId: peeredVpc(aws) }),
    arrange: arrangeTwoVpcs,
  },
  gitops: {
    summary:
      'nginx in every cluster; a tool like Flux applies ConfigMap repository, and reverts what differs',
    clusters: PAIR,
    app: 'nginx',
    arrange: arrangeGitops,
  },
  'no-owner': {
    summary:
      'web runs in every cluster; the NLB is from the AWS API, and no cluster is bound to it',
    // No cluster is the primary here, so no name contains pri.
    clusters: ['eks-clu1', 'eks-clu2', 'eks-clu3'],
    app: 'web',
    arrange: arrangeNoOwner,
  },
  ingress: {
    summary:
      'an ingress controller in every cluster, on 80 and on 443 with TLS ended at the NLB, proxy protocol on',
    clusters: PAIR,
    app: 'ingress',
    arrange: arrangeIngress,
  },
  dns: {
    summary: 'name servers in every cluster, on 53 over UDP and TCP in one TCP_UDP listener',
    clusters: PAIR,
    app: 'dns',
    arrange: arrangeDns,
  },
  'auto-mode': {
    summary:
      'as walkthrough, with nginx in every cluster; the secondaries run EKS Auto Mode and no other controller',
    controllers: (role) => (role === 'primary' ? 'lbc' : 'auto-mode'),
    clusters: PAIR,
    app: 'nginx',
    arrange: arrangeAutoMode,
  },
};
