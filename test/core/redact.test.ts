import { redact, redactUrl, redactWords } from '../../src/core/model/redact.ts';

const S = 'hunter2-Ab/c+9=';

test.each([
  `--token ${S}`,
  `--token=${S}`,
  `--client-secret=${S}`,
  `--client-secret ${S}`,
  `--oidc-client-secret=${S}`,
  `-password ${S}`,
  `password: ${S}`,
  `Password = ${S}`,
  `client_secret=${S}`,
  `AWS_SECRET_ACCESS_KEY=${S}`,
  `AWS_SESSION_TOKEN=${S}`,
  `aws_secret_access_key = ${S}`,
  `"token":"${S}"`,
  `"token": "${S}"`,
  `{"access_token":"${S}","x":1}`,
  `'password': '${S}'`,
  `"SecretAccessKey": "${S}"`,
  `"SessionToken":"${S}"`,
  `https://user:${encodeURIComponent(S)}@host/path`,
  `Authorization: Bearer ${S}`,
  `authorization: Basic ${S}`,
  `api-key=${S}`,
  `X-Amz-Signature=${S.replaceAll(/[^\w]/g, '')}&`,
])('%s', (text) => {
  const shown = redact(text);
  expect(shown).toContain('[hidden]');
  expect(shown).not.toContain('hunter2');
});

test.each([
  'aws eks get-token --cluster-name pri-eks-clu1 --region us-east-1',
  'error: the token has expired, log in again',
  'You must be logged in to the server (the server has asked for the client to provide credentials)',
  'https://ABC.gr7.us-east-1.eks.amazonaws.com',
  'secrets "nginx" is forbidden',
])('is left alone: %s', (text) => expect(redact(text)).toBe(text));

test('the words of a command', () => {
  expect(redactWords(['p', '--token', S, '--client-secret', S, '--verbose', `--key=${S}`])).toEqual(
    ['p', '--token', '[hidden]', '--client-secret', '[hidden]', '--verbose', `--key=${S}`],
  );
});

test.each([
  'https://ABC.gr7.us-east-1.eks.amazonaws.com',
  'https://127.0.0.1:6443/',
  'https://[::1]:6443',
  'https://user:hunter2@host:6443',
  'https://host:6443/?token=hunter2',
  'https://host/k8s/X-Amz-Signature=hunter2',
])('the URL of a server: %s', (url) => expect(redactUrl(url)).toBe(redact(url)));
