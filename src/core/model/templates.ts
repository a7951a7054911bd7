/** A document of templates/, parsed. Core fills it structurally: it never pastes text. */
export interface Template {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata?: {
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec?: Readonly<Record<string, unknown>>;
}

/** The documents that `join` makes: templates/targetgroupbinding.yaml and service-secondary.yaml. */
export interface Templates {
  readonly binding: Template;
  readonly service: Template;
}
