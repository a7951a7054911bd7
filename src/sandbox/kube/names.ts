import type { KubeObject, Metadata } from './object.ts';
import type { ResourceDef } from './resources.ts';
import type { FieldError } from './status-error.ts';

/** Of what generated names are made: no vowels, nothing to mistake (apimachinery pkg/util/rand/rand.go). */
export const NAME_ALPHABET = 'bcdfghjklmnpqrstvwxz2456789';

// Wording: apimachinery pkg/util/validation/validation.go.
const LABEL = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const LABEL_VALUE = '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?';

interface NameRule {
  readonly pattern: RegExp;
  readonly longest: number;
  readonly words: string;
}

const SUBDOMAIN: NameRule = {
  pattern: new RegExp(`^${LABEL}(\\.${LABEL})*$`),
  longest: 253,
  words: `a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '${LABEL}(\\.${LABEL})*')`,
};
const DNS_LABEL: NameRule = {
  pattern: new RegExp(`^${LABEL}$`),
  longest: 63,
  words: `a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '${LABEL}')`,
};
const SERVICE_LABEL: NameRule = {
  pattern: /^[a-z]([-a-z0-9]*[a-z0-9])?$/,
  longest: 63,
  words:
    "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')",
};

function ruleFor(def: ResourceDef): NameRule {
  if (def.key === 'namespaces') return DNS_LABEL;
  return def.key === 'services' ? SERVICE_LABEL : SUBDOMAIN;
}

/** A value that breaks a rule, as `Invalid value: "x": why`. */
export function badValue(field: string, value: unknown, why: string): FieldError {
  const message = `Invalid value: ${JSON.stringify(value)}: ${why}`;
  return { field, message, reason: 'FieldValueInvalid' };
}

/** A field that must be there and is not. */
export function required(field: string, why = ''): FieldError {
  return { field, message: `Required value${why && `: ${why}`}`, reason: 'FieldValueRequired' };
}

/** A change or value that is never allowed. */
export function notAllowed(field: string, why: string): FieldError {
  return { field, message: `Forbidden: ${why}`, reason: 'FieldValueForbidden' };
}

function labelFaults(metadata: Metadata): FieldError[] {
  const faults: FieldError[] = [];
  for (const [key, value] of Object.entries(metadata.labels ?? {})) {
    const words = `a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '${LABEL_VALUE}')`;
    if (typeof value !== 'string' || !new RegExp(`^${LABEL_VALUE}$`).test(value))
      faults.push(badValue('metadata.labels', value, words));
    else if (value.length > 63)
      faults.push(badValue('metadata.labels', value, 'must be no more than 63 bytes'));
    if (!/^([a-z0-9.-]{1,253}\/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/.test(key))
      faults.push(
        badValue(
          'metadata.labels',
          key,
          "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
        ),
      );
  }
  return faults;
}

/** What is wrong with the metadata of an object of this kind: name, labels, annotations' size. */
export function metadataFaults(object: KubeObject, def: ResourceDef): FieldError[] {
  const { metadata } = object;
  const rule = ruleFor(def);
  const faults: FieldError[] = [];
  if (!rule.pattern.test(metadata.name))
    faults.push(badValue('metadata.name', metadata.name, rule.words));
  else if (metadata.name.length > rule.longest)
    faults.push(
      badValue('metadata.name', metadata.name, `must be no more than ${rule.longest} bytes`),
    );
  const size = Buffer.byteLength(
    Object.entries(metadata.annotations ?? {})
      .flat()
      .join(''),
  );
  if (size > 262_144)
    faults.push({
      field: 'metadata.annotations',
      message: 'Too long: may not be more than 262144 bytes',
      reason: 'FieldValueTooLong',
    });
  return [...faults, ...labelFaults(metadata)];
}
