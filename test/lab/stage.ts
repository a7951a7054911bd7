import type { AwsAccount } from '../../src/sandbox/aws/account.ts';
import type { IpFamily } from '../../src/sandbox/kube/ip-family.ts';
import type { KubeRest } from './kube-rest.ts';

/**
 * Where a scenario is played: in the sandbox, or in the lab, where API servers and controllers are
 * the real ones. The AWS side is the sandbox's account in both. All Kubernetes acts go over HTTP.
 */
export interface LabStage {
  readonly kind: 'sandbox' | 'lab';
  /** The scenario's own; exists in every cluster. */
  readonly namespace: string;
  /** As many as the scenario asks for: the primary first. */
  readonly clusters: readonly [LabCluster, LabCluster, ...LabCluster[]];
  readonly aws: AwsAccount;
  /**
   * Runs nlbmc in this process with `-n <namespace>` and `-o json`. `line` has all else, such as
   * `join nginx --context sec-eks-clu1`. `input` is its stdin.
   */
  nlbmc(line: string, input?: string): Promise<NlbmcOutcome>;
  /** Runs nlbmc likewise while `act` is done, and waits for both. */
  meanwhile(line: string, act: () => Promise<void>): Promise<NlbmcOutcome>;
  /**
   * Runs nlbmc likewise, and lets it die as by `kill -9` in the first pause of its waits at which `when`
   * holds. Throws where it comes to its end before.
   */
  killed(line: string, when: () => Promise<boolean>): Promise<void>;
  /**
   * Runs nlbmc likewise, and lets it die as by `kill -9` when its first write has been made, before it hears
   * of that. Gives what came of the run where it made none. `survives` holds the writes at which runs before
   * have died, which count no more; it grows.
   */
  killedAtWrite(line: string, survives: Set<string>): Promise<NlbmcOutcome | undefined>;
  /** Lets time pass as the controllers see it: the sandbox's clock is wound, the lab waits. */
  pass(ms: number): Promise<void>;
  /** Calls `look` now and ten times a second, in the sandbox twice; what is given ends that. */
  always(look: () => void): () => void;
  /** Waits until `ok`; throws naming `what` after `withinMs` as the controllers see it. */
  until(what: string, ok: () => Promise<boolean>, withinMs?: number): Promise<void>;
  /**
   * Writes that succeeded since the stage was set, in the order in which they were performed; in the lab,
   * of Kubernetes, those to ConfigMaps, Services and TargetGroupBindings only.
   */
  acts(): Promise<readonly Act[]>;
}

export interface NlbmcOutcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** The one document on stdout. */
  readonly report: unknown;
}

/** One cluster with its controller. */
export interface LabCluster {
  /** Context in the kubeconfig and `--cluster-name`: pri-eks-clu1, sec-eks-clu1, thd-eks-clu1, fth-eks-clu1. */
  readonly context: string;
  /** Everything that a person with kubectl does; in the lab with the rights of an administrator. */
  readonly kube: KubeRest;
  readonly controller: LabController;
  /** The two nodes, each in a zone of its own: us-east-1a, us-east-1b. */
  readonly nodes: readonly LabNode[];
  /**
   * Creates these pods from the template of templates/app/deployment.yaml, the n-th pod ever in the
   * namespace on node n modulo two, and waits until they are Ready and in the EndpointSlices of the
   * Services that select them. `address` is given to the (only) pod where set: it must be free. Their
   * label is `app: nginx`, or another app's.
   */
  addPods(
    names: readonly string[],
    o?: { readonly address?: string; readonly app?: string },
  ): Promise<void>;
  /** Deletes these pods and waits until they are gone from pods and EndpointSlices. Their addresses are free again. */
  removePods(names: readonly string[]): Promise<void>;
  /**
   * A user with the rights that a Role in the scenario's namespace can give to enable, join and leave,
   * and with none beyond: nothing at the cluster scope, nothing in another namespace.
   */
  addTeam(user: string): Promise<void>;
  /**
   * The same cluster for what the scenario does in a second namespace, which is made. Pods of both
   * namespaces share `addresses`, so their names differ.
   */
  elsewhere(namespace: string): Promise<LabCluster>;
  /** Address of each pod that the scenario ever had here, by its name; those of removed pods too. */
  addresses(): ReadonlyMap<string, string>;
}

export interface LabNode {
  readonly name: string;
  readonly instanceId: string;
  readonly eniId: string;
}

export interface LabController {
  /** From its own log in the lab, such as `v3.2.2`. */
  readonly version: string;
  /** The process ends: memory lost, webhooks unreachable. */
  stop(): Promise<void>;
  /** A new process, ready to answer webhooks when this resolves. */
  start(flags?: ControllerFlags): Promise<void>;
  /** Its containers are killed and started again. */
  crash(): Promise<void>;
}

/** Flags beside those that every controller of the lab has. */
export interface ControllerFlags {
  /** `--max-targets-per-target-group` */
  readonly maxTargetsPerTargetGroup?: number;
  /** `--enable-backend-security-group` */
  readonly enableBackendSecurityGroup?: boolean;
}

/** One write. */
export type Act =
  | {
      readonly world: 'kube';
      /** Context of the cluster. */
      readonly cluster: string;
      readonly by: 'controller' | 'other';
      readonly verb: 'create' | 'update' | 'patch' | 'delete';
      /** Plural, with `/status` for the subresource. */
      readonly resource: string;
      readonly namespace: string;
      readonly name: string;
      /** What was sent. */
      readonly body?: unknown;
    }
  | {
      readonly world: 'aws';
      /** Context of the cluster whose controller asked; `other` for nlbmc and scenarios. */
      readonly by: string;
      /** `elbv2.RegisterTargets` and the like; only what changes something. */
      readonly action: string;
      /** PascalCase as in the AWS API. */
      readonly params: Readonly<Record<string, unknown>>;
    };

/** One script, played in both worlds. */
export interface Scenario {
  /** A DNS label, its namespace too. */
  readonly name: string;
  /** What it shows, in one line. */
  readonly title: string;
  readonly clusters: 2 | 3 | 4;
  /**
   * `beside` others at the same time on the same controllers; `alone`: it stops controllers, so it
   * has them to itself while it plays; `apart`: in a world that nothing else is played in, but what
   * needs the same kind of world.
   */
  readonly place: 'beside' | 'alone' | 'apart';
  /**
   * Of those that are `alone`, in their world: `first`, when nothing was played there yet; `last`, since
   * nothing can be played there afterwards.
   */
  readonly turn?: 'first' | 'last';
  /** Only controllers before this version do what it shows: with a later one it is not played. */
  readonly before?: string;
  /**
   * Played with real controllers alone: its clusters have the definitions of Gateways, which the
   * sandbox has not.
   */
  readonly gateways?: true;
  /** About what a controller makes of Services: nlbmc does not run, and nothing is shared. */
  readonly controllerAlone?: true;
  /** All nodes of all clusters on one security group, that of the primary; a group per cluster without it. */
  readonly sharedNodeGroup?: true;
  /**
   * The pods of each controller choose a leader by a Lease, and a rollout of their Deployment ends the
   * process; elsewhere a controller is a process without pods. Its place is `apart`.
   */
  readonly elections?: true;
  /** Of the pods, nodes and Services of all clusters; IPv4 without it. Its place is `apart`. */
  readonly ipFamily?: IpFamily;
  /** Plays it. Throws where something did not happen that must. What is left is then compared. */
  play(stage: LabStage): Promise<void>;
}
