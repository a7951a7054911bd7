import { isIPv4, isIPv6 } from 'node:net';

/**
 * What is wrong with a text, in upstream's words; nothing is wrong without any. Source: apimachinery
 * pkg/api/validate/content/{dns,kube}.go and pkg/util/validation/{validation,ip}.go.
 */
export type Format = (value: string) => string[];

const LABEL = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const KEY = '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]';
const CONSISTS = `must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character`;

/** One pattern with its words, and the most characters with theirs. */
function shaped(o: {
  readonly pattern: string;
  readonly words: string;
  readonly examples: readonly string[];
  readonly longest?: number;
  readonly unit?: 'bytes' | 'characters';
}): Format {
  const pattern = new RegExp(`^(${o.pattern})$`);
  const examples = o.examples.map((example) => `'${example}'`).join(',  or ');
  const words = `${o.words} (e.g. ${examples}, regex used for validation is '${o.pattern}')`;
  return (value) => [
    ...(o.longest !== undefined && value.length > o.longest
      ? [`must be no more than ${o.longest} ${o.unit ?? 'bytes'}`]
      : []),
    ...(pattern.test(value) ? [] : [words]),
  ];
}

const subdomainOf = (unit: 'bytes' | 'characters'): Format =>
  shaped({
    pattern: `${LABEL}(\\.${LABEL})*`,
    words:
      "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character",
    examples: ['example.com'],
    longest: 253,
    unit,
  });

export const dnsSubdomain = subdomainOf('characters');

const labelText = shaped({
  pattern: LABEL,
  words:
    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character",
  examples: ['my-name', '123-abc'],
  longest: 63,
  unit: 'characters',
});

export const dnsLabel: Format = (value) => {
  const wrong = labelText(value);
  const dotted = wrong.length > 0 && value.includes('.') && dnsSubdomain(value).length === 0;
  if (!dotted) return wrong;
  const long = value.length > 63 ? wrong.slice(0, 1) : [];
  return [...long, 'must not contain dots'];
};

const nameOfKey = shaped({
  pattern: KEY,
  words: CONSISTS,
  examples: ['MyName', 'my.name', '123-abc'],
});
const prefixOfKey = subdomainOf('bytes');

/** A label's key, which is a qualified name: `name` or `example.com/name`. */
export const qualifiedName: Format = (value) => {
  const parts = value.split('/');
  if (parts.length > 2)
    return [
      `a valid label key ${nameOfKey(' ').join('')} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`,
    ];
  const name = parts.at(-1)!;
  const prefix = parts.length === 2 ? parts[0] : undefined;
  const wrong =
    prefix === undefined ? [] : prefix === '' ? ['must be non-empty'] : prefixOfKey(prefix);
  return [
    ...wrong.map((words) => `prefix part ${words}`),
    ...(name === '' ? ['name part must be non-empty'] : []),
    ...(name.length > 63 ? ['name part must be no more than 63 bytes'] : []),
    ...nameOfKey(name).map((words) => `name part ${words}`),
  ];
};

export const labelValue = shaped({
  pattern: `(${KEY})?`,
  words: `a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character`,
  examples: ['MyValue', 'my_value', '12345'],
  longest: 63,
});

/** The name of a port of a container, or of a target port. */
export const portName: Format = (value) => [
  ...(value.length > 15 ? ['must be no more than 15 characters'] : []),
  ...(/^[-a-z0-9]+$/.test(value)
    ? []
    : ['must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)']),
  ...(/[a-z]/.test(value) ? [] : ['must contain at least one letter (a-z)']),
  ...(value.includes('--') ? ['must not contain consecutive hyphens'] : []),
  ...(/^-|-$/.test(value) ? ['must not begin or end with a hyphen'] : []),
];

const configKeyText = shaped({
  pattern: '[-._a-zA-Z0-9]+',
  words: "a valid config key must consist of alphanumeric characters, '-', '_' or '.'",
  examples: ['key.name', 'KEY_NAME', 'key-name'],
  longest: 253,
  unit: 'characters',
});

/** A key of a ConfigMap. */
export const configKey: Format = (value) => [
  ...configKeyText(value),
  ...(value === '.' ? ["must not be '.'"] : []),
  ...(value === '..' ? ["must not be '..'"] : []),
  ...(value !== '..' && value.startsWith('..') ? ["must not start with '..'"] : []),
];

export const envName: Format = (value) =>
  /^[ -<>-~]+$/.test(value)
    ? []
    : [
        "a valid environment variable name must consist only of printable ASCII characters other than '='",
      ];

export const percent = shaped({
  pattern: '[0-9]+%',
  words: "a valid percent string must be a numeric string followed by an ending '%'",
  examples: ['1%', '93%'],
});

/** A DNS name with at least two parts. */
export const domainName: Format = (value) => {
  const wrong = dnsSubdomain(value);
  if (wrong.length > 0 || value.includes('.')) return wrong;
  return ['should be a domain with at least two segments separated by dots'];
};

export const address: Format = (value) =>
  isIPv4(value) || isIPv6(value)
    ? []
    : ['must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)'];

export const cidr: Format = (value) => {
  const [, ip = '', bits = ''] = /^(.*)\/(\d{1,3})$/.exec(value) ?? [];
  const most = isIPv4(ip) ? 32 : isIPv6(ip) ? 128 : -1;
  return Number(bits) <= most
    ? []
    : ['must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)'];
};

/** An address that endpoints may have (validation.go, ValidateEndpointIP). */
export const endpointAddress: Format = (value) => {
  const wrong: string[] = [];
  if (value === '0.0.0.0' || value === '::') wrong.push(`may not be unspecified (${value})`);
  if (/^127\.|^::1$/.test(value))
    wrong.push('may not be in the loopback range (127.0.0.0/8, ::1/128)');
  if (/^169\.254\.|^fe[89ab]/i.test(value))
    wrong.push('may not be in the link-local range (169.254.0.0/16, fe80::/10)');
  if (/^224\.0\.0\.|^ff.2:/i.test(value))
    wrong.push('may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)');
  return wrong;
};
