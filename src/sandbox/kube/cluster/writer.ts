import type { FieldValidation } from '../schema/decode.ts';

/** On whose behalf a write is made. */
export interface Writer {
  /** Who, for the journal. */
  readonly actor: string;
  /** Whose the written fields are, in managedFields. */
  readonly manager: string;
  readonly dryRun?: boolean;
  /** Server-side apply takes fields over from other managers. */
  readonly force?: boolean;
  readonly fieldValidation?: FieldValidation;
  /** Told about what the server let pass, such as unknown fields. */
  readonly warn?: (message: string) => void;
  /** True for what runs in this process: the write is journaled by the cluster, not by its HTTP side. */
  readonly internal?: boolean;
}
