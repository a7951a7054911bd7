/* eslint-disable @typescript-eslint/no-explicit-any -- built-in kinds are plain JSON here */

const PROBES = ['livenessProbe', 'readinessProbe', 'startupProbe'];

function fill(target: any, values: object): void {
  for (const [key, value] of Object.entries(values)) target[key] ??= value;
}

function containerDefaults(container: any): void {
  const image = String(container.image ?? '');
  const tag = image.includes('@')
    ? 'digest'
    : (/:([^/:]+)$/.exec(image)?.[1] ?? (image ? 'latest' : ''));
  fill(container, {
    imagePullPolicy: tag === 'latest' ? 'Always' : 'IfNotPresent',
    resources: {},
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
  });
  for (const port of container.ports ?? []) port.protocol ??= 'TCP';
  for (const env of container.env ?? [])
    if (env.valueFrom?.fieldRef) env.valueFrom.fieldRef.apiVersion ??= 'v1';
  for (const kind of PROBES) {
    const probe = container[kind];
    if (!probe) continue;
    fill(probe, { timeoutSeconds: 1, periodSeconds: 10, successThreshold: 1, failureThreshold: 3 });
    if (probe.httpGet) fill(probe.httpGet, { path: '/', scheme: 'HTTP' });
  }
}

/** Fills in a pod spec in place. Source: kubernetes pkg/apis/core/v1/defaults.go. */
export function podSpecDefaults(spec: any): void {
  fill(spec, {
    restartPolicy: 'Always',
    terminationGracePeriodSeconds: 30,
    dnsPolicy: 'ClusterFirst',
    securityContext: {},
    schedulerName: 'default-scheduler',
  });
  if (spec.serviceAccountName) spec.serviceAccount ??= spec.serviceAccountName;
  for (const container of [...(spec.initContainers ?? []), ...(spec.containers ?? [])])
    if (typeof container === 'object' && container) containerDefaults(container);
}
