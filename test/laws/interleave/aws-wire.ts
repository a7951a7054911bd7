import { Readable } from 'node:stream';
import { isMutating } from '../../../src/sandbox/aws/account.ts';
import { AwsError } from '../../../src/sandbox/aws/state/error.ts';
import { decodeQuery } from '../../../src/sandbox/aws/http/query.ts';
import {
  credentialOf,
  errorXml,
  resultXml,
  serviceOf,
} from '../../../src/sandbox/aws/http/wire.ts';
import type { World } from '../../../src/sandbox/world.ts';
import { lineOf } from './line.ts';

/** The part of the SDK's HttpRequest that is looked at. */
interface Sent {
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

interface Answered {
  readonly response: {
    readonly statusCode: number;
    readonly headers: Record<string, string>;
    readonly body: Readable;
  };
}

/**
 * A request handler for the SDK's clients: what would go over a socket goes to the account of the
 * world that the signing key belongs to. Signatures, queries and XML are the SDK's own.
 */
export const requestHandler = {
  async handle({ headers, body }: Sent): Promise<Answered> {
    const form = new URLSearchParams(String(body));
    const credential = credentialOf(headers['authorization'], form);
    const line = lineOf(credential?.accessKeyId ?? '');
    if (!line) return new Promise(() => undefined);
    const service = serviceOf(form.get('Version'), credential);
    const name = form.get('Action') ?? '';
    const action = `${service}.${name}`;
    const { status, text } = await line.carry(
      isMutating(action) ? { name: action } : undefined,
      () => perform(line.world, service, name, form),
    );
    return {
      response: {
        statusCode: status,
        headers: { 'content-type': 'text/xml' },
        body: Readable.from([Buffer.from(text)]),
      },
    };
  },
};

function perform(
  { aws }: World,
  service: ReturnType<typeof serviceOf>,
  name: string,
  form: URLSearchParams,
): { readonly status: number; readonly text: string } {
  try {
    const result = aws.perform(`${service}.${name}`, decodeQuery(form), 'nlbmc');
    return { status: 200, text: resultXml(service, name, result, 'request') };
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    return { status: error.status, text: errorXml(service, error, 'request') };
  }
}
