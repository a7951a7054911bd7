import { connectAws } from '../../src/aws/connect.ts';
import { awsOptions } from '../aws/aws-options.ts';

test('many calls side by side listen to one signal, and Node warns of nothing', async () => {
  const warnings: Error[] = [];
  const keep = (warning: Error): unknown => warnings.push(warning);
  process.on('warning', keep);
  const keys = { AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE000000000', AWS_SECRET_ACCESS_KEY: 'x' };
  const { signal } = new AbortController();
  const aws = connectAws(awsOptions({ env: keys, signal }));
  const call = () =>
    aws.sts({ action: 'GetCallerIdentity', region: 'us-east-1' }, () => Promise.resolve(1));
  await Promise.all(Array.from({ length: 40 }, call));
  await new Promise((resolve) => setImmediate(resolve));
  process.off('warning', keep);
  expect(warnings).toEqual([]);
});
