/** Names of values that are secrets, in the ways programs spell them. */
const NAMES =
  '(?:access|refresh|id|session|security|auth|bearer|api)?[-_ ]?(?:token|secret|password|passwd|passphrase|api[-_]?key|private[-_]?key)|(?:client|secret|aws)[-_]?(?:secret|access)(?:[-_]?(?:access))?[-_]?(?:key|id)?|pwd|authorization|credentials?';

/** What looks like a secret in text that somebody else wrote; what is kept of it is group 1. */
const secrets: readonly RegExp[] = [
  /()k8s-aws-v1\.[\w-]+/g,
  /()\beyJ[\w-]+\.[\w-]+\.[\w-]*/g,
  /(X-Amz-(?:Signature|Security-Token|Credential)=)[^&\s"]+/gi,
  /()\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g,
  /(\b(?:Bearer|Basic) )[\w.~+/=-]+/gi,
  // User info of a URL: https://user:password@host.
  /(\b[a-z][a-z0-9+.-]*:\/\/)[^\s/?#@"']+(?=@)/gi,
  // "token":"X", 'password': 'X'
  new RegExp(`(["'](?:[\\w-]*[-_])?(?:${NAMES})["']\\s*:\\s*["'])[^"']+`, 'gi'),
  // --token X, --client-secret=X, '--token' 'X'
  new RegExp(`(--?(?:[\\w-]*-)?(?:${NAMES})['"]?(?:\\s+|=)['"]?)(?!-)[^\\s'"]+`, 'gi'),
  // password: X, TOKEN=X
  new RegExp(
    `(\\b(?:[\\w-]*[-_])?(?:${NAMES})\\s*[:=]\\s*['"]?)(?!\\[hidden\\])[^\\s'",;&]+`,
    'gi',
  ),
];

/**
 * The text with secrets blacked out: tokens, keys, signatures, passwords in arguments, settings and
 * URLs. For whatever a plugin, a kubeconfig or a server gives us to print.
 */
export const redact = (text: string): string =>
  secrets.reduce(
    (shown, secret) => shown.replace(secret, (_, kept: string) => `${kept}[hidden]`),
    text,
  );

/** The URL of a server as `redact` gives it. Nearly every one is only a host, and has no place for a secret. */
export const redactUrl = (url: string): string =>
  /^https?:\/\/[\w.-]+(?::\d+)?\/?$/.test(url) ? url : redact(url);

const secretFlag = new RegExp(`^--?(?:[\\w-]*-)?(?:${NAMES})$`, 'i');

/** The words of a command, the value behind `--token` and its like blacked out as well. */
export const redactWords = (words: readonly string[]): readonly string[] =>
  words.map((word, n) =>
    secretFlag.test(words[n - 1] ?? '') && !word.startsWith('-') ? '[hidden]' : redact(word),
  );
