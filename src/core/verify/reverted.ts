import { multiClusterAnnotation } from '../model/annotations.ts';
import { advice, type Hint, noted } from '../model/hint.ts';
import { type Binding, nameText, type Service } from '../model/kubernetes.ts';
import { enableHint } from '../model/nlbmc-hints.ts';
import { listed } from '../model/words.ts';
import { bindingReverters, flagReverters } from '../observed/managers.ts';

/** Who sets a flag back, as the end of a message, and what to change in the source; empty: no tool is known. */
export interface Reverted {
  readonly text: string;
  readonly hints: readonly Hint[];
}

const verb = (tools: readonly string[]): string => (tools.length === 1 ? 'deploys' : 'deploy');

const none: Reverted = { text: '', hints: [] };

/** Of a Service whose annotation is off: written by hand again, it would be reverted again. */
export function revertedService(service: Service, context: string): Reverted {
  const tools = flagReverters(service);
  if (tools.length === 0) return none;
  const name = multiClusterAnnotation.slice(multiClusterAnnotation.indexOf('/') + 1);
  const value = service.annotations[multiClusterAnnotation];
  const managers = service.annotationManagers[multiClusterAnnotation] ?? [];
  const wrote = managers.length > 0 ? `, written by field manager ${listed(managers)}` : '';
  return {
    text: ` ${listed(tools)} ${verb(tools)} the Service from a source in which ${name} is ${value === undefined ? 'missing' : JSON.stringify(value)}${wrote}.`,
    hints: [
      noted(
        enableHint(service, context, { output: 'manifest' }),
        'put these annotations into its source first',
      ),
    ],
  };
}

/** Of a binding without the flag. */
export function revertedBinding(binding: Binding): Reverted {
  const tools = bindingReverters(binding);
  if (tools.length === 0) return none;
  return {
    text: ` ${listed(tools)} ${verb(tools)} the binding from a source without the flag.`,
    hints: [
      advice(
        `Set spec.multiClusterTargetGroup: true in the source of ${nameText(binding)}: a change in the cluster is reverted.`,
      ),
    ],
  };
}
