/** A tag as both services write it. */
export interface Tag {
  readonly Key: string;
  readonly Value: string;
}
