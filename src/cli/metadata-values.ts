import { InvalidArgumentError, Option } from '@commander-js/extra-typings';
import { annotationFault, labelFault, tooManyAnnotations } from '../core/model/added-metadata.ts';

type Values = Readonly<Record<string, string>>;

/** KEY=VALUE, added to those before it. A key with two values is refused: one of them would be lost. */
function added(
  text: string,
  previous: Values | undefined,
  faultOf: (key: string, value: string) => string | undefined,
): Values {
  const at = text.indexOf('=');
  if (at < 0 && text.endsWith('-')) {
    // As kubectl label and kubectl annotate understand it.
    throw new InvalidArgumentError('nlbmc removes no labels or annotations. Write KEY=VALUE.');
  }
  if (at < 0) throw new InvalidArgumentError('Write KEY=VALUE.');
  const [key, value] = [text.slice(0, at), text.slice(at + 1)];
  const fault = faultOf(key, value);
  if (fault !== undefined) throw new InvalidArgumentError(fault);
  if (previous && Object.hasOwn(previous, key) && previous[key] !== value) {
    throw new InvalidArgumentError(`The key ${key} has two values.`);
  }
  return { ...previous, [key]: value };
}

/** `--label`: a label of what nlbmc creates. */
export const labelOption = () =>
  new Option(
    '--label <key=value>',
    'a label of the bindings and the Service that nlbmc creates; repeatable',
  ).argParser((text: string, previous: Values | undefined) => added(text, previous, labelFault));

/** `--annotation`: an annotation of what nlbmc creates. */
export const annotationOption = () =>
  new Option(
    '--annotation <key=value>',
    'an annotation of the bindings and the Service that nlbmc creates; repeatable',
  ).argParser((text: string, previous: Values | undefined) => {
    const all = added(text, previous, annotationFault);
    if (tooManyAnnotations(all)) {
      throw new InvalidArgumentError('All annotations of an object may have 256 KiB.');
    }
    return all;
  });
