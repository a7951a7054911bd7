import type { Member, Operation, Shape } from './shape.ts';

/** How a service reads forms: EC2 numbers the items of a list without their tag. */
export type Dialect = 'query' | 'ec2';

/**
 * A call as the form that the AWS Query and EC2 Query protocols send
 * (https://smithy.io/2.0/aws/protocols/aws-query-protocol.html). What is undefined is left out.
 */
export function formOf(
  { name, input }: Operation,
  values: object,
  version: string,
  dialect: Dialect,
): string {
  const fields: string[] = [`Action=${name}`, `Version=${version}`];
  const write = (shape: Shape, value: unknown, key: string): void => {
    if (value === undefined || value === null) return;
    if (shape.kind === 'structure') {
      for (const member of shape.members) {
        const prefix = key === '' ? '' : `${key}.`;
        const part = (value as Readonly<Record<string, unknown>>)[member.name];
        write(member.shape(), part, `${prefix}${nameOf(member, dialect)}`);
      }
    } else if (shape.kind === 'list') {
      const items = value as readonly unknown[];
      const prefix = dialect === 'ec2' ? key : `${key}.${shape.tag}`;
      items.forEach((item, n) => write(shape.item(), item, `${prefix}.${n + 1}`));
      if (items.length === 0 && dialect === 'query') fields.push(`${encoded(key)}=`);
    } else if (shape.kind === 'map') {
      throw new Error(`${key} of ${name}: no map is ever sent`);
    } else {
      const text = value instanceof Date ? value.toISOString().replace('.000Z', 'Z') : value;
      fields.push(`${encoded(key)}=${encoded(String(text))}`);
    }
  };
  write(input(), values, '');
  return fields.join('&');
}

function nameOf({ tag, ec2Name }: Member, dialect: Dialect): string {
  if (dialect === 'query') return tag;
  return ec2Name ?? tag.charAt(0).toUpperCase() + tag.slice(1);
}

const encoded = (text: string): string =>
  encodeURIComponent(text).replace(
    /[!'()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  );
