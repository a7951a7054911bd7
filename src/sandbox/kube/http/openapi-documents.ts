import { DEFINITIONS } from '../definitions.ts';
import { openapiDocument, openapiIndex } from '../schema/openapi.ts';
import { apiVersionOf } from '../resources.ts';
import { KUBERNETES_VERSION } from '../version.ts';
import { json, NO_SUCH_PATH } from './exchange.ts';
import type { Answer, Request } from './exchange.ts';

const V2_PROTOBUF = 'application/com.github.proto-openapi.spec.v2.v1.0+protobuf';
const INFO = { title: 'Kubernetes', version: KUBERNETES_VERSION };

/** A field of a protobuf message that holds text (or a message); short, so its length is one byte. */
function field(number: number, text: string): string {
  return String.fromCharCode(number * 8 + 2, text.length) + text;
}

/**
 * Version 2 without a single definition. kubectl wants it for manifests of `kind: List` only
 * (cli-runtime pkg/resource/query_param_verifier_v3.go) and, finding no definition, leaves the
 * checking to the server, which does it for each item. Field numbers: gnostic openapiv2.
 */
function version2({ headers }: Request): Answer {
  if (!String(headers['accept']).includes('proto-openapi.spec.v2')) {
    return json({ swagger: '2.0', info: INFO, paths: {}, definitions: {} });
  }
  const info = field(1, INFO.title) + field(2, INFO.version);
  const text = field(1, '2.0') + field(2, info);
  return { kind: 'text', status: 200, text, type: V2_PROTOBUF };
}

/** What is below `/openapi`: the empty version 2, the index of version 3, and its documents. */
export function openapi(request: Request): Answer {
  const { cluster, path } = request;
  if (path === '/openapi/v2') return version2(request);
  const resources = cluster.servedResources();
  const versions = [...new Set(resources.map(apiVersionOf))];
  if (path === '/openapi/v3') return json(openapiIndex(versions));
  const asked = path.replace(/^\/openapi\/v3\/apis?\//, '');
  if (!versions.includes(asked)) return NO_SUCH_PATH;
  const definitions = cluster.list(DEFINITIONS);
  const crds = definitions.map((crd) => ({ spec: crd.spec as unknown }));
  return json(openapiDocument(asked, resources, crds));
}
