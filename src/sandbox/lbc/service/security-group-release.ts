import type { ControllerApi } from '../process/controller-api.ts';
import { isAwsCode } from '../process/errors.ts';

const RETRY_MS = 2_000;
const PATIENCE_MS = 120_000;

/**
 * Deletes a group that something may still use for a while: DependencyViolation is retried for two
 * minutes (pkg/networking/backend_sg_provider.go, pkg/deploy/ec2/security_group_manager.go). A group
 * that is gone already is success; yields milliseconds to wait.
 */
export function* deleteSecurityGroup(api: ControllerApi, id: string): Generator<number, void> {
  for (let waited = 0; ; waited += RETRY_MS) {
    try {
      api.aws('ec2.DeleteSecurityGroup', { GroupId: id });
      return;
    } catch (error) {
      if (isAwsCode(error, 'InvalidGroup.NotFound')) return;
      if (!isAwsCode(error, 'DependencyViolation')) throw error;
      if (waited >= PATIENCE_MS) {
        throw new Error(
          `failed to delete securityGroup: timed out waiting for the condition: ${(error as Error).message}`,
          { cause: error },
        );
      }
    }
    yield RETRY_MS;
  }
}
