import { multiClusterAnnotation } from '../model/annotations.ts';
import { advice, type Hint, noted } from '../model/hint.ts';
import { type Binding, type LastWrite, nameText, type Service } from '../model/kubernetes.ts';
import { enableHint } from '../model/nlbmc-hints.ts';
import { listed } from '../model/words.ts';
import { age } from '../observed/events.ts';
import { bindingReverters, flagReverters } from '../observed/managers.ts';

/** Who sets a flag back, as the end of a message and as data, and what to change in the source. */
export interface Reverted {
  /** Empty: nothing is known. */
  readonly text: string;
  readonly hints: readonly Hint[];
  readonly setBack?: LastWrite;
}

const verb = (tools: readonly string[]): string => (tools.length === 1 ? 'deploys' : 'deploy');

/** Who and when, as the end of a sentence; `now` is when it was read. A time to come is a clock that is off. */
function whenText({ manager, at }: LastWrite, now: string): string {
  const ago = Date.parse(at) <= Date.parse(now) ? ` (${age(at, now)} ago)` : '';
  return `field manager ${manager} at ${at}${ago} or earlier`;
}

const dataOf = (setBack: LastWrite | undefined) => (setBack ? { setBack } : {});

/** Of a Service whose annotation is off, read at `now`: written by hand again, it would be reverted again. */
export function revertedService(service: Service, context: string, now: string): Reverted {
  const tools = flagReverters(service);
  const name = multiClusterAnnotation.slice(multiClusterAnnotation.indexOf('/') + 1);
  const value = service.annotations[multiClusterAnnotation];
  const { flagWrite: write } = service;
  const managers = service.annotationManagers[multiClusterAnnotation] ?? [];
  const who = write
    ? whenText(write, now)
    : managers.length > 0
      ? `field manager ${listed(managers)}`
      : '';
  const is = value === undefined ? 'missing' : JSON.stringify(value);
  const set = who ? `, set so by ${who}` : '';
  if (tools.length === 0) {
    return { text: set && ` ${name} is ${is}${set}.`, hints: [], ...dataOf(write) };
  }
  return {
    text: ` ${listed(tools)} ${verb(tools)} the Service from a source in which ${name} is ${is}${set}.`,
    hints: [
      noted(
        enableHint(service, context, { output: 'manifest' }),
        'put these annotations into its source first',
      ),
    ],
    ...dataOf(write),
  };
}

/** Of a binding without the flag, read at `now`. */
export function revertedBinding(binding: Binding, now: string): Reverted {
  const tools = bindingReverters(binding);
  const { flagWrite: write } = binding;
  const when = write ? ` The flag was set to false by ${whenText(write, now)}.` : '';
  if (tools.length === 0) return { text: when, hints: [], ...dataOf(write) };
  return {
    text: ` ${listed(tools)} ${verb(tools)} the binding from a source without the flag.${when}`,
    hints: [
      advice(
        `Set spec.multiClusterTargetGroup: true in the source of ${nameText(binding)}: a change in the cluster is reverted.`,
      ),
    ],
    ...dataOf(write),
  };
}
