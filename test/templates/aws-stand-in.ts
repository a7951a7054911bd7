import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a cluster of the practice world looks like to somebody who asks EKS. */
export interface PracticeCluster {
  readonly name: string;
  readonly server: string;
  readonly ca: string;
}

export interface StackWorld {
  readonly outputs: Readonly<Record<string, string>>;
  readonly clusters: readonly PracticeCluster[];
  /** What stands in the stack's VPC that the stack did not make: a deletion fails on it. */
  readonly strangers: () => readonly string[];
}

/** CloudFormation and EKS for one stack, spoken to by the real aws CLI. */
export interface AwsStandIn {
  readonly url: string;
  /** Actions that change something, in order, such as `DeleteStack nlbmc-lab`. */
  readonly changes: string[];
  /** The stack as it is now; undefined before its creation and after its deletion. */
  status(): string | undefined;
  close(): Promise<void>;
}

const ACCOUNT = '123456789012';

const xml = (action: string, body: string): string =>
  `<${action}Response xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><${action}Result>${body}</${action}Result></${action}Response>`;

const member = (fields: Readonly<Record<string, string>>): string =>
  `<member>${Object.entries(fields)
    .map(([key, value]) => `<${key}>${value}</${key}>`)
    .join('')}</member>`;

class Refusal extends Error {
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) text += chunk;
  return text;
}

/** Starts the stand-in on the loopback; what it creates is there at once. */
export async function startAwsStandIn(world: StackWorld): Promise<AwsStandIn> {
  let stack: { readonly name: string; status: string } | undefined;
  const changes: string[] = [];

  const cloudFormation = (p: URLSearchParams): string => {
    const action = p.get('Action') ?? '';
    const name = p.get('StackName') ?? '';
    const there = stack?.name === name ? stack : undefined;
    const absent = new Refusal('ValidationError', `Stack with id ${name} does not exist`);
    switch (action) {
      case 'DescribeStacks': {
        if (!there) throw absent;
        const outputs = Object.entries(world.outputs)
          .map(([OutputKey, OutputValue]) => member({ OutputKey, OutputValue }))
          .join('');
        const fields = { StackName: name, StackStatus: there.status, Outputs: outputs };
        return xml(action, `<Stacks>${member(fields)}</Stacks>`);
      }
      case 'CreateChangeSet':
        if (/AWS::IAM::/.test(p.get('TemplateBody') ?? '') && !p.get('Capabilities.member.1'))
          throw new Refusal('InsufficientCapabilities', 'Requires capabilities : [CAPABILITY_IAM]');
        return xml(action, '<Id>set-1</Id>');
      case 'DescribeChangeSet':
        return xml(action, '<Status>CREATE_COMPLETE</Status>');
      case 'ExecuteChangeSet':
        stack = { name, status: 'CREATE_COMPLETE' };
        break;
      case 'DeleteStack':
        if (there && world.strangers().length > 0) there.status = 'DELETE_FAILED';
        else stack = undefined;
        break;
      default:
        throw new Error(`the stand-in has no ${action}`);
    }
    changes.push(`${action} ${name}`);
    return xml(action, '');
  };

  const eks = (path: string): unknown => {
    const found = stack && world.clusters.find(({ name }) => path === `/clusters/${name}`);
    if (!found) throw new Refusal('ResourceNotFoundException', `No cluster found for ${path}.`);
    const { name, server, ca } = found;
    return {
      cluster: {
        name,
        arn: `arn:aws:eks:us-east-1:${ACCOUNT}:cluster/${name}`,
        endpoint: server,
        certificateAuthority: { data: ca },
        status: 'ACTIVE',
        identity: {},
      },
    };
  };

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = request.url ?? '/';
    const rest = path.startsWith('/clusters');
    try {
      const text = rest
        ? JSON.stringify(eks(path))
        : cloudFormation(new URLSearchParams(await bodyOf(request)));
      response.setHeader('content-type', rest ? 'application/json' : 'text/xml').end(text);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const { code, message } = error;
      response.statusCode = rest ? 404 : 400;
      response.setHeader('x-amzn-errortype', code);
      response.end(
        rest
          ? JSON.stringify({ message })
          : `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error></ErrorResponse>`,
      );
    }
  };
  const server = createServer((request, response) => {
    answer(request, response).catch((error: Error) => response.destroy(error));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    changes,
    status: () => stack?.status,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
