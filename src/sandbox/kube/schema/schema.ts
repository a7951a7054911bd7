/**
 * The shape of a value, in the terms of Kubernetes' structural schemas. What has `properties` is a
 * struct; what has `additionalProperties` is a map; an object with neither, `preserveUnknown` or
 * no type takes anything.
 */
export interface Schema {
  /** Name of the OpenAPI definition, such as `io.k8s.api.core.v1.ServicePort`; only built-in types. */
  readonly name?: string;
  readonly type?: 'object' | 'array' | 'string' | 'integer' | 'number' | 'boolean';
  readonly format?: string;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly additionalProperties?: Schema;
  readonly required?: readonly string[];
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly nullable?: boolean;
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minProperties?: number;
  readonly maxProperties?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: boolean;
  readonly exclusiveMaximum?: boolean;
  readonly intOrString?: boolean;
  /** Fields that the schema does not name stay. */
  readonly preserveUnknown?: boolean;
  /** A whole Kubernetes object is embedded: apiVersion, kind and metadata are known fields. */
  readonly embeddedResource?: boolean;
  /** How server-side apply merges a list; absent is atomic. */
  readonly listType?: 'atomic' | 'set' | 'map';
  readonly listMapKeys?: readonly string[];
  /** How server-side apply merges a map or struct; absent is field by field. */
  readonly mapType?: 'atomic' | 'granular';
  /** `merge`, `retainKeys` or both with a comma: how a strategic merge patch treats the value. */
  readonly patchStrategy?: string;
  readonly patchMergeKey?: string;
}
