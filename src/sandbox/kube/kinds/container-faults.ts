import { badFormat, badValue, duplicate, notAllowed, required, unsupported } from '../faults.ts';
import { dnsLabel, envName, portName } from '../formats.ts';
import type { FieldError } from '../status-error.ts';
import { probeFaults } from './probe-faults.ts';
import { resourceFaults, type Resources } from './resource-faults.ts';
import { numberFaults, PROTOCOLS } from './service-ports.ts';

interface Named {
  readonly name?: string;
}

export interface Container extends Named {
  readonly image?: string;
  readonly imagePullPolicy?: string;
  readonly terminationMessagePolicy?: string;
  readonly ports?: readonly (Named & {
    readonly containerPort?: number;
    readonly hostPort?: number;
    readonly protocol: string;
  })[];
  readonly env?: readonly (Named & { readonly value?: string; readonly valueFrom?: object })[];
  readonly volumeMounts?: readonly (Named & { readonly mountPath?: string })[];
  readonly resources?: Resources;
  readonly [field: string]: unknown;
}

const PROBES = ['livenessProbe', 'readinessProbe', 'startupProbe'];
const PULL = ['Always', 'IfNotPresent', 'Never'];
const MESSAGES = ['File', 'FallbackToLogsOnError'];

function portFaults({ ports = [] }: Container, at: string): FieldError[] {
  const names = ports.map(({ name }) => name);
  return ports.flatMap(({ name, containerPort, hostPort, protocol }, i) => {
    const wrong = name ? badFormat(`${at}[${i}].name`, name, portName) : [];
    return [
      ...wrong,
      ...(name && wrong.length === 0 && names.indexOf(name) < i
        ? [duplicate(`${at}[${i}].name`, name)]
        : []),
      ...(containerPort
        ? numberFaults(`${at}[${i}].containerPort`, containerPort)
        : [required(`${at}[${i}].containerPort`)]),
      ...(hostPort ? numberFaults(`${at}[${i}].hostPort`, hostPort) : []),
      ...(PROTOCOLS.includes(protocol)
        ? []
        : [unsupported(`${at}[${i}].protocol`, protocol, PROTOCOLS)]),
    ];
  });
}

function envFaults({ env = [] }: Container, at: string): FieldError[] {
  return env.flatMap(({ name, value, valueFrom }, i) => {
    const sources = Object.keys(valueFrom ?? {}).length;
    const from = (why: string): FieldError[] => [badValue(`${at}[${i}].valueFrom`, '', why)];
    return [
      ...(name ? badFormat(`${at}[${i}].name`, name, envName) : [required(`${at}[${i}].name`)]),
      ...(valueFrom && sources === 0
        ? from(
            'must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`',
          )
        : []),
      ...(sources > 0 && value ? from('may not be specified when `value` is not empty') : []),
      ...(sources > 1 && !value
        ? from('may not have more than one field specified at a time')
        : []),
    ];
  });
}

function mountFaults(
  { volumeMounts = [] }: Container,
  volumes: ReadonlySet<string>,
  at: string,
): FieldError[] {
  const paths = volumeMounts.map(({ mountPath }) => mountPath);
  return volumeMounts.flatMap(({ name = '', mountPath }, i) => [
    ...(name ? [] : [required(`${at}[${i}].name`)]),
    ...(volumes.has(name)
      ? []
      : [
          {
            field: `${at}[${i}].name`,
            message: `Not found: ${JSON.stringify(name)}`,
            reason: 'FieldValueNotFound',
          },
        ]),
    ...(mountPath ? [] : [required(`${at}[${i}].mountPath`)]),
    ...(paths.indexOf(mountPath) < i
      ? [badValue(`${at}[${i}].mountPath`, mountPath, 'must be unique')]
      : []),
  ]);
}

/** Source: kubernetes pkg/apis/core/validation/validation.go, validateContainerCommon. */
export function containerFaults(
  container: Container,
  o: { readonly at: string; readonly volumes: ReadonlySet<string>; readonly init: boolean },
): FieldError[] {
  const { at } = o;
  const { name, image, imagePullPolicy, terminationMessagePolicy: message } = container;
  return [
    ...(name ? badFormat(`${at}.name`, name, dnsLabel) : [required(`${at}.name`)]),
    ...(image ? [] : [required(`${at}.image`)]),
    ...(PULL.includes(imagePullPolicy ?? '')
      ? []
      : [unsupported(`${at}.imagePullPolicy`, imagePullPolicy, PULL)]),
    ...(MESSAGES.includes(message ?? '')
      ? []
      : [unsupported(`${at}.terminationMessagePolicy`, message, MESSAGES)]),
    ...portFaults(container, `${at}.ports`),
    ...envFaults(container, `${at}.env`),
    ...mountFaults(container, o.volumes, `${at}.volumeMounts`),
    ...resourceFaults(container.resources ?? {}, `${at}.resources`),
    ...PROBES.flatMap((kind) => {
      const probe = container[kind] as Parameters<typeof probeFaults>[0];
      if (!o.init || container['restartPolicy'] === 'Always')
        return probeFaults(probe, kind, `${at}.${kind}`);
      const why = 'may not be set for init containers without restartPolicy=Always';
      return probe ? [notAllowed(`${at}.${kind}`, why)] : [];
    }),
  ];
}
