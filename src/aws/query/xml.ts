/** What an element holds: its text, or its elements by tag; those of a tag that comes again are a list. */
export type Xml = string | Elements;
export interface Elements {
  readonly [tag: string]: Xml | readonly Xml[] | undefined;
}

interface Open {
  readonly tag: string;
  text: string;
  elements?: Record<string, Xml | Xml[]>;
}

/** The tag and its attributes, in which `>` may stand; they say nothing that is needed. */
const opening = /([^\s/>]+)(?:\s+[^\s=>]+\s*=\s*(?:"[^"]*"|'[^']*'))*\s*(\/?)>/y;

/**
 * Reads an XML document as AWS answers it: the root's name and content. Text beside elements is
 * left out. Raises an error for what is no XML, and for a document that ends too soon.
 */
export function parseXml(text: string): { readonly root: string; readonly content: Xml } {
  const xml = text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text;
  const above: Open[] = [];
  let top: Open = { tag: '', text: '' };
  let at = 0;
  const skipTo = (end: string, from: number): number => {
    const found = xml.indexOf(end, from);
    if (found < 0) throw new Error(`the answer is no XML: ${end} is missing`);
    return found;
  };
  const close = (): void => {
    const parent = above.pop();
    if (!parent) throw new Error('the answer is no XML: an element is closed that is not open');
    add(parent, top.tag, top.elements ?? (isLayout(top.text) ? '' : top.text));
    top = parent;
  };
  while (at < xml.length) {
    const next = xml.indexOf('<', at);
    const end = next < 0 ? xml.length : next;
    if (end > at) top.text += decoded(xml.slice(at, end));
    if (next < 0) break;
    const sign = xml[next + 1];
    if (sign === '/') {
      at = skipTo('>', next);
      if (xml.slice(next + 2, at).trimEnd() !== top.tag)
        throw new Error(`the answer is no XML: ${top.tag} is not closed`);
      close();
      at += 1;
    } else if (sign === '?') at = skipTo('?>', next) + 2;
    else if (xml.startsWith('<!--', next)) at = skipTo('-->', next) + 3;
    else if (xml.startsWith('<![CDATA[', next)) {
      at = skipTo(']]>', next) + 3;
      top.text += xml.slice(next + 9, at - 3);
    } else if (sign === '!') at = skipTo('>', next) + 1;
    else {
      const { tag, isEmpty, end } = openedAt(xml, next);
      above.push(top);
      top = { tag, text: '' };
      at = end;
      if (isEmpty) close();
    }
  }
  const [root] = Object.keys(top.elements ?? {});
  if (root === undefined || above.length > 0 || top.text.trim() !== '')
    throw new Error('the answer is no XML, or not all of it');
  return { root, content: top.elements?.[root] as Xml };
}

function openedAt(xml: string, at: number): { tag: string; isEmpty: boolean; end: number } {
  const close = xml.indexOf('>', at);
  const plain = xml.slice(at + 1, close);
  // Nearly all of them: no attributes, and no pattern needed.
  if (close > at + 1 && !/[\s/=]/.test(plain))
    return { tag: plain, isEmpty: false, end: close + 1 };
  opening.lastIndex = at + 1;
  const [all, tag, slash] = opening.exec(xml) ?? [];
  if (all === undefined || tag === undefined) throw new Error('the answer is no XML');
  return { tag, isEmpty: slash === '/', end: at + 1 + all.length };
}

/** Line breaks between elements, and not a value that is a blank. */
const isLayout = (text: string): boolean => text.includes('\n') && text.trim() === '';

function add(parent: Open, tag: string, content: Xml): void {
  // Without a prototype, so that no tag is there before it was read.
  parent.elements ??= Object.create(null) as Record<string, Xml | Xml[]>;
  const before = parent.elements[tag];
  if (before === undefined) parent.elements[tag] = content;
  else if (Array.isArray(before)) before.push(content);
  else parent.elements[tag] = [before, content];
}

const named: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
};

const decoded = (text: string): string =>
  text.includes('&')
    ? text.replace(
        /&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|(\w{1,31}));/gi,
        (_, hex?: string, decimal?: string, name = '') =>
          hex || decimal
            ? String.fromCodePoint(hex ? parseInt(hex, 16) : Number(decimal))
            : (named[name] ?? ''),
      )
    : text;
