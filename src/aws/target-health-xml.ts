import type { TargetHealthDescription } from '@aws-sdk/client-elastic-load-balancing-v2';

const OPEN = '<TargetHealthDescriptions>';
const CLOSE = '</TargetHealthDescriptions>';

/** A tag and the text before it. Attributes, comments, CDATA and elements without an end tag do not match. */
const TAG = /([^<>]*)<(\/?)([A-Za-z]+)>/y;
const ENTITIES = new Map(
  Object.entries({ '&amp;': '&', '&lt;': '<', '&gt;': '>', '&quot;': '"', '&apos;': "'" }),
);

/** Raised for an answer that has another form than AWS gives it today. */
class Unexpected extends Error {}

/**
 * The list of targets in the XML of an answer to DescribeTargetHealth, and the answer without that list, for the
 * SDK. Undefined where the list has another form than AWS gives it today: then the SDK has to read all of it.
 * Why nlbmc reads this list itself: docs/decisions/target-health-xml.md.
 */
export function cutTargets(
  answer: string,
): { readonly list: readonly TargetHealthDescription[]; readonly rest: string } | undefined {
  const from = answer.indexOf(OPEN);
  const to = answer.indexOf(CLOSE, from);
  if (from < 0 || to < 0 || answer.includes(OPEN, to)) return undefined;
  try {
    return {
      list: elementsIn(answer.slice(from + OPEN.length, to)).map(descriptionOf),
      rest: answer.slice(0, from) + answer.slice(to + CLOSE.length),
    };
  } catch (error) {
    if (error instanceof Unexpected) return undefined;
    throw error;
  }
}

/** Elements by their names, down to those that have only text. */
interface Elements {
  [name: string]: Elements | string;
}

/** What is in each `member` of a list. */
function elementsIn(list: string): readonly Elements[] {
  const members: Elements[] = [];
  /** The elements that are open, the outermost first, and what is in them so far. */
  const open: { readonly name: string; readonly within: Elements }[] = [];
  let justOpened = false;
  let end = 0;
  TAG.lastIndex = 0;
  for (let found = TAG.exec(list); found; found = TAG.exec(list)) {
    end = TAG.lastIndex;
    const [, text = '', closing, name = ''] = found;
    const last = open.at(-1);
    if (closing) {
      if (last?.name !== name) throw new Unexpected();
      open.pop();
      const parent = open.at(-1);
      if (justOpened && parent) parent.within[name] = decoded(text);
      else insistOnSpace(text);
      justOpened = false;
    } else {
      insistOnSpace(text);
      // A name twice would be a list; one that every object has is no field of AWS.
      if (last ? name in last.within : name !== 'member') throw new Unexpected();
      const within: Elements = {};
      if (last) last.within[name] = within;
      else members.push(within);
      open.push({ name, within });
      justOpened = true;
    }
  }
  if (open.length > 0) throw new Unexpected();
  insistOnSpace(list.slice(end));
  return members;
}

function insistOnSpace(text: string): void {
  if (text.trim() !== '') throw new Unexpected();
}

function decoded(text: string): string {
  if (!text.includes('&')) return text;
  return text.replaceAll(/&[^&;]*;?/g, (entity) => {
    const character = ENTITIES.get(entity);
    if (character === undefined) throw new Unexpected();
    return character;
  });
}

/** The elements of a target as the SDK gives them: in text, but for the port. */
function descriptionOf(elements: Elements): TargetHealthDescription {
  const { Target } = elements;
  if (typeof Target !== 'object') throw new Unexpected();
  const { Port } = Target;
  if (Port === undefined) return elements;
  if (typeof Port !== 'string' || !/^\d+$/.test(Port)) throw new Unexpected();
  return { ...elements, Target: { ...Target, Port: Number(Port) } } as TargetHealthDescription;
}
