/** What looks like a secret in text that another program wrote: tokens, JWTs, keys and signatures. */
const secrets = [
  /k8s-aws-v1\.[\w-]+/g,
  /\beyJ[\w-]+\.[\w-]+\.[\w-]*/g,
  /(X-Amz-(?:Signature|Security-Token|Credential)=)[^&\s"]+/gi,
  /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g,
  /(Bearer )[\w.~+/=-]+/gi,
];

/** The text with secrets blacked out. */
export function redact(text: string): string {
  return secrets.reduce(
    (shown, secret) =>
      shown.replace(secret, (_, kept) => `${typeof kept === 'string' ? kept : ''}[hidden]`),
    text,
  );
}
