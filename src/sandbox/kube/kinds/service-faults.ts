import { badValue, notAllowed, required } from '../names.ts';
import { sameJson } from '../object.ts';
import type { KubeObject } from '../object.ts';
import type { FieldError } from '../status-error.ts';

/** A value outside an enumeration, which is named sorted, as the server does. */
function unsupported(field: string, value: unknown, supported: readonly string[]): FieldError {
  const list = supported.map((item) => `"${item}"`).join(', ');
  return {
    field,
    message: `Unsupported value: ${JSON.stringify(value)}: supported values: ${list}`,
    reason: 'FieldValueNotSupported',
  };
}

function duplicate(field: string, value: unknown): FieldError {
  const message = `Duplicate value: ${JSON.stringify(value)}`;
  return { field, message, reason: 'FieldValueDuplicate' };
}

function isPort(value: unknown): boolean {
  return Number.isInteger(value) && (value as number) >= 1 && (value as number) <= 65_535;
}

const RANGE = 'must be between 1 and 65535, inclusive';
const PORT_NAME = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;

function portFaults(service: KubeObject): FieldError[] {
  const faults: FieldError[] = [];
  const { ports = [], type } = service.spec;
  const names = new Set<string>();
  const numbers = new Set<string>();
  for (const [i, port] of ports.entries()) {
    const at = `spec.ports[${i}]`;
    if (!port.name && ports.length > 1) faults.push(required(`${at}.name`));
    if (port.name && !PORT_NAME.test(port.name))
      faults.push(
        badValue(
          `${at}.name`,
          port.name,
          "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')",
        ),
      );
    if (port.name && names.has(port.name)) faults.push(duplicate(`${at}.name`, port.name));
    names.add(port.name);
    if (!isPort(port.port)) faults.push(badValue(`${at}.port`, port.port, RANGE));
    if (!['SCTP', 'TCP', 'UDP'].includes(port.protocol))
      faults.push(unsupported(`${at}.protocol`, port.protocol, ['SCTP', 'TCP', 'UDP']));
    if (typeof port.targetPort === 'number' && !isPort(port.targetPort))
      faults.push(badValue(`${at}.targetPort`, port.targetPort, RANGE));
    if (port.nodePort && type === 'ClusterIP')
      faults.push(notAllowed(`${at}.nodePort`, "may not be used when `type` is 'ClusterIP'"));
    const number = `${port.protocol}/${port.port}`;
    if (numbers.has(number))
      faults.push(duplicate(at, { protocol: port.protocol, port: port.port }));
    numbers.add(number);
  }
  return faults;
}

function changeFaults(service: KubeObject, old: KubeObject): FieldError[] {
  const faults: FieldError[] = [];
  const external = [service.spec.type, old.spec.type].includes('ExternalName');
  if (!external && old.spec.clusterIP && service.spec.clusterIP !== old.spec.clusterIP)
    faults.push({
      field: 'spec.clusterIPs[0]',
      message: `Invalid value: []string{${JSON.stringify(service.spec.clusterIP)}}: may not change once set`,
      reason: 'FieldValueInvalid',
    });
  const balanced = service.spec.type === 'LoadBalancer' && old.spec.type === 'LoadBalancer';
  if (balanced && !sameJson(service.spec.loadBalancerClass, old.spec.loadBalancerClass))
    faults.push(
      badValue(
        'spec.loadBalancerClass',
        service.spec.loadBalancerClass ?? null,
        'may not change once set',
      ),
    );
  return faults;
}

/** What is wrong with a Service. Source: kubernetes pkg/apis/core/validation/validation.go. */
export function serviceFaults(service: KubeObject, old?: KubeObject): FieldError[] {
  const { spec } = service;
  if (!spec) return [required('spec')];
  const types = ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort'];
  const faults: FieldError[] = [];
  if (!types.includes(spec.type)) faults.push(unsupported('spec.type', spec.type, types));
  if (spec.type === 'ExternalName' && !spec.externalName)
    faults.push(required('spec.externalName'));
  if (!spec.ports?.length && spec.type !== 'ExternalName' && spec.clusterIP !== 'None')
    faults.push(required('spec.ports'));
  if (spec.clusterIP === 'None' && ['NodePort', 'LoadBalancer'].includes(spec.type))
    faults.push(
      badValue('spec.clusterIPs[0]', 'None', "may not be set to 'None' for LoadBalancer services"),
    );
  if (!['None', 'ClientIP'].includes(spec.sessionAffinity))
    faults.push(unsupported('spec.sessionAffinity', spec.sessionAffinity, ['ClientIP', 'None']));
  if (spec.externalTrafficPolicy && !['Cluster', 'Local'].includes(spec.externalTrafficPolicy))
    faults.push(
      unsupported('spec.externalTrafficPolicy', spec.externalTrafficPolicy, ['Cluster', 'Local']),
    );
  if (spec.loadBalancerClass && spec.type !== 'LoadBalancer')
    faults.push(
      notAllowed('spec.loadBalancerClass', "may only be used when `type` is 'LoadBalancer'"),
    );
  return [...faults, ...portFaults(service), ...(old ? changeFaults(service, old) : [])];
}
