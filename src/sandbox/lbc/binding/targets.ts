/** A target as the controller keeps it; without `health` its state is not known. */
export interface TargetInfo {
  /** `Id:Port`, as endpointKey writes it. */
  readonly key: string;
  readonly description: TargetDescription;
  readonly health?: TargetHealth | undefined;
}

export interface TargetDescription {
  readonly Id: string;
  readonly Port: number;
  readonly AvailabilityZone?: string;
}

export interface TargetHealth {
  readonly State: string;
  readonly Reason?: string;
  readonly Description?: string;
}

export function targetKey(target: TargetDescription): string {
  return `${target.Id}:${target.Port}`;
}
