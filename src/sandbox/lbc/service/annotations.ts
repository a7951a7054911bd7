import { AnnotationError, parseStringMap } from './attributes-annotation.ts';

const PREFIX = 'service.beta.kubernetes.io/';

/** Go's strconv.ParseBool: exactly these spellings, no trimming; undefined for anything else. */
export function parseGoBool(raw: string): boolean | undefined {
  if (['1', 't', 'T', 'TRUE', 'true', 'True'].includes(raw)) return true;
  if (['0', 'f', 'F', 'FALSE', 'false', 'False'].includes(raw)) return false;
  return undefined;
}

/**
 * A Service's annotations, by suffix, read as pkg/annotations/parser.go of one controller version
 * does. Every reader gives undefined for an absent annotation and throws AnnotationError for one
 * that does not parse.
 */
export class ServiceAnnotations {
  readonly #all: Readonly<Record<string, string>>;
  readonly #version: string;

  constructor(all: Readonly<Record<string, string>> | undefined, version: string) {
    this.#all = all ?? {};
    this.#version = version;
  }

  string(suffix: string): string | undefined {
    return this.#all[PREFIX + suffix];
  }

  bool(suffix: string): boolean | undefined {
    const raw = this.string(suffix);
    if (raw === undefined) return undefined;
    const value = parseGoBool(raw);
    if (value !== undefined) return value;
    throw new AnnotationError(
      `failed to parse bool annotation, ${PREFIX}${suffix}: ${raw}: strconv.ParseBool: parsing ${JSON.stringify(raw)}: invalid syntax`,
    );
  }

  int(suffix: string): number | undefined {
    const raw = this.string(suffix);
    if (raw === undefined) return undefined;
    if (/^[+-]?\d+$/.test(raw)) return Number(raw);
    throw new AnnotationError(
      `failed to parse int32 annotation, ${PREFIX}${suffix}: ${raw}: strconv.ParseInt: parsing ${JSON.stringify(raw)}: invalid syntax`,
    );
  }

  /** Comma-separated; blank items are dropped. */
  list(suffix: string): string[] | undefined {
    return this.string(suffix)
      ?.split(',')
      .map((item) => item.trim())
      .filter((item) => item !== '');
  }

  map(suffix: string): ReadonlyMap<string, string> | undefined {
    const raw = this.string(suffix);
    return raw === undefined ? undefined : parseStringMap(this.#version, PREFIX + suffix, raw);
  }

  /** The first annotation whose suffix starts with `start`, as a suffix. */
  withPrefix(start: string): string | undefined {
    return Object.keys(this.#all)
      .find((key) => key.startsWith(PREFIX + start))
      ?.slice(PREFIX.length);
  }
}
