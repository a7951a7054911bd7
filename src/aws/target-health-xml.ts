import type {
  TargetDescription,
  TargetHealthDescription,
} from '@aws-sdk/client-elastic-load-balancing-v2';

const OPEN = '<TargetHealthDescriptions>';
const CLOSE = '</TargetHealthDescriptions>';

/**
 * The next tag, and for an element that has only text all of it. Attributes, comments, CDATA and elements without
 * an end tag do not match.
 */
const TAG = /\s*<(\/?)([A-Za-z]+)>(?:([^<>]*)<\/\2>)?/y;
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
      list: membersOf(answer.slice(from + OPEN.length, to)),
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

/** Stands for an id while the rest is read; XML has no such character. */
const MARK = '\0';

/** Thousands of targets have their own ids each; the few forms of all the rest are read once. */
function membersOf(list: string): readonly TargetHealthDescription[] {
  const known = new Map<string, Rest>();
  const members = list.split('</member>');
  insistOnSpace(members.pop() ?? '');
  return members.map((member) => {
    const from = member.indexOf('<Id>') + '<Id>'.length;
    const to = member.indexOf('</Id>', from);
    const text = member.slice(from, to);
    if (from < '<Id>'.length || to < 0 || /[<>]/.test(text)) throw new Unexpected();
    const around = member.slice(0, from) + MARK + member.slice(to);
    let rest = known.get(around);
    if (!rest) known.set(around, (rest = restOf(around)));
    return { ...rest, Target: { ...rest.Target, Id: decoded(text) } };
  });
}

type Rest = TargetHealthDescription & { readonly Target: TargetDescription };

/** A member as the SDK gives it: all in text, but for the port. */
function restOf(text: string): Rest {
  const { member, ...more } = elementsIn(`${text}</member>`);
  if (typeof member !== 'object' || Object.keys(more).length > 0) throw new Unexpected();
  const { Target } = member;
  // Else the id is one of another element.
  if (typeof Target !== 'object' || Target['Id'] !== MARK) throw new Unexpected();
  const { Port } = Target;
  if (Port === undefined) return { ...member, Target: { ...Target, Id: MARK } };
  if (typeof Port !== 'string' || !/^\d+$/.test(Port)) throw new Unexpected();
  return { ...member, Target: { ...Target, Id: MARK, Port: Number(Port) } };
}

/** The elements that a text consists of. */
function elementsIn(text: string): Elements {
  const found: Elements = {};
  /** The elements that are open, the outermost first, and what is in them so far. */
  const names: string[] = [];
  const open = [found];
  let end = 0;
  while (end < text.length) {
    TAG.lastIndex = end;
    const tag = TAG.exec(text);
    if (!tag) break;
    end = TAG.lastIndex;
    const name = tag[2] ?? '';
    const content = tag[3];
    const within = open.at(-1);
    if (tag[1]) {
      if (names.pop() !== name) throw new Unexpected();
      open.pop();
      continue;
    }
    // A name twice would be a list; one that every object has is no field of AWS.
    if (!within || name in within) throw new Unexpected();
    if (content === undefined) {
      names.push(name);
      open.push((within[name] = {}));
    } else within[name] = decoded(content);
  }
  if (names.length > 0) throw new Unexpected();
  insistOnSpace(text.slice(end));
  return found;
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
