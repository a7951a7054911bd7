/**
 * What the lab builds where no binaries are given. The versions of etcd and of Kubernetes stand
 * in the go.mod of their folders too, which is what is built: binaries.ts refuses a difference.
 */
export const PINS = {
  etcd: '3.6.16',
  kubernetes: '1.36.3',
  controller: {
    /** Upstream's main branch some commits after the tag v3.2.2, under the module path of that time. */
    module: 'sigs.k8s.io/aws-load-balancer-controller@v0.0.0-20260423195125-93ff3b5fdaad',
    /** Stamped into the binary as upstream's Dockerfile does; the suffix says that it is not the tag. */
    version: 'v3.2.2+93ff3b5fdaad',
  },
} as const;
