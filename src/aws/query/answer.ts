import type { Dialect } from './form.ts';
import type { Operation, Shape } from './shape.ts';
import { type Elements, parseXml, type Xml } from './xml.ts';

/** The answer of a call: what the SDK makes of the same text. Raises an error for one that is none. */
export function answerOf({ name, output }: Operation, text: string, dialect: Dialect): object {
  const { content } = parseXml(text);
  const result = dialect === 'ec2' ? content : elementsIn(content)[`${name}Result`];
  return { ...(read(output(), first(result)) as object) };
}

/** The error of an answer: the code that AWS gives it, and its words. */
export function errorOf(
  status: number,
  text: string,
): { readonly code: string; readonly message: string } {
  const data = text === '' ? {} : elementsIn(parseXml(text).content);
  const errors = first(data['Errors']);
  const error = first(elementsIn(errors)['Error'] ?? data['Error']);
  const said = elementsIn(error);
  const code = first(said['Code']) ?? (status === 404 ? 'NotFound' : 'Unknown');
  const message = said['message'] ?? said['Message'] ?? data['message'] ?? data['Message'];
  return { code: textOf(code), message: textOf(first(message) ?? 'Unknown') };
}

const elementsIn = (xml: Xml | undefined): Elements => (typeof xml === 'object' ? xml : {});
const textOf = (xml: Xml): string => (typeof xml === 'string' ? xml : JSON.stringify(xml));
const all = (found: Xml | readonly Xml[] | undefined): readonly Xml[] =>
  found === undefined ? [] : Array.isArray(found) ? (found as readonly Xml[]) : [found as Xml];
const first = (found: Xml | readonly Xml[] | undefined): Xml | undefined => all(found)[0];

function read(shape: Shape, xml: Xml | undefined): unknown {
  switch (shape.kind) {
    case 'structure': {
      const found = elementsIn(xml);
      const values: Record<string, unknown> = {};
      for (const { name, tag, shape: of } of shape.members) {
        const part = found[tag];
        if (part !== undefined) values[name] = read(of(), first(part));
      }
      return values;
    }
    case 'list': {
      const item = shape.item();
      return all(elementsIn(xml)[shape.tag]).map((part) => read(item, part));
    }
    case 'map': {
      const entries = all(elementsIn(xml)['entry']).map(elementsIn);
      return Object.fromEntries(
        entries.map(({ key, value }) => [textOf(first(key) ?? ''), first(value)]),
      );
    }
    default:
      return value(shape.kind, xml);
  }
}

function value(kind: 'text' | 'number' | 'boolean' | 'time' | 'bytes', xml: Xml | undefined) {
  if (typeof xml !== 'string') throw new Error('the answer has elements where a value belongs');
  switch (kind) {
    case 'text':
      return xml;
    case 'number':
      return Number(xml);
    case 'boolean':
      return xml.toLowerCase() === 'true';
    case 'bytes':
      return new Uint8Array(Buffer.from(xml, 'base64'));
    case 'time': {
      const time = new Date(xml);
      if (Number.isNaN(time.getTime())) throw new Error(`the answer has no time: ${xml}`);
      return time;
    }
  }
}
