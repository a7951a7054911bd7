/**
 * Variables that would lead a client away from the sandbox: another identity, or an endpoint that
 * outranks AWS_ENDPOINT_URL.
 */
export const UNSET: readonly string[] = [
  'AWS_PROFILE',
  'AWS_DEFAULT_PROFILE',
  'AWS_SESSION_TOKEN',
  'AWS_ENDPOINT_URL_EC2',
  'AWS_ENDPOINT_URL_ELASTIC_LOAD_BALANCING_V2',
  'AWS_ENDPOINT_URL_IAM',
  'AWS_ENDPOINT_URL_STS',
  'AWS_IGNORE_CONFIGURED_ENDPOINT_URLS',
];

const NO_PROXY = ['NO_PROXY', 'no_proxy'] as const;
const LOOPBACK = '127.0.0.1,localhost';

/** A word that a POSIX shell reads as exactly this text. */
export function shellQuote(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/** Lines for bash, zsh or sh that lead kubectl, aws and nlbmc into the sandbox. */
export function exportLines(env: Readonly<Record<string, string>>): string {
  const sets = Object.entries(env).map(([name, value]) => `export ${name}=${shellQuote(value)}`);
  // The aws CLI would hand even loopback addresses to a proxy.
  const direct = NO_PROXY.map((name) => `export ${name}="${LOOPBACK}\${${name}:+,$${name}}"`);
  return `${[...sets, ...direct, `unset ${UNSET.join(' ')}`].join('\n')}\n`;
}

/** The environment of a program that shall run inside the sandbox: what `exportLines` does to `base`. */
export function inside(
  base: Readonly<Record<string, string | undefined>>,
  env: Readonly<Record<string, string>>,
): Record<string, string | undefined> {
  const result = { ...base, ...env };
  for (const name of UNSET) delete result[name];
  for (const name of NO_PROXY) {
    result[name] = base[name] ? `${LOOPBACK},${base[name]}` : LOOPBACK;
  }
  return result;
}
