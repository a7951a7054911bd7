import type { LabProcess, Processes } from './processes.ts';

/**
 * Those that make what scenarios and people expect of a cluster: ReplicaSets and pods of Deployments,
 * EndpointSlices, and the end of what an owner or a namespace leaves behind. No node is looked after:
 * nothing renews its lease.
 */
const CONTROLLERS = [
  'deployment-controller',
  'replicaset-controller',
  'endpointslice-controller',
  'garbage-collector-controller',
  'namespace-controller',
];

/**
 * Starts kube-controller-manager of a cluster whose API server is ready. Each of its controllers works
 * with the rights of its own ServiceAccount. It listens nowhere.
 */
export function startControllerManager(
  processes: Processes,
  o: {
    readonly file: string;
    readonly name: string;
    /** File with the context of its own user. */
    readonly kubeconfig: string;
  },
): LabProcess {
  return processes.start({
    name: `kube-controller-manager-${o.name}`,
    file: o.file,
    args: [
      `--kubeconfig=${o.kubeconfig}`,
      `--controllers=${CONTROLLERS.join(',')}`,
      '--use-service-account-credentials=true',
      '--leader-elect=false',
      '--secure-port=0',
      // Scenarios are played at once: the default of 20 a second would be a queue of its own.
      '--kube-api-qps=200',
      '--kube-api-burst=400',
      '--profiling=false',
    ],
  });
}
