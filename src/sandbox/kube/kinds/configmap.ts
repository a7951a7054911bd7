import { badFormat, badValue, notAllowed } from '../faults.ts';
import { configKey } from '../formats.ts';
import { sameJson } from '../object.ts';
import type { FieldError } from '../status-error.ts';
import type { KindRules } from './kind-rules.ts';

const LIMIT = 1024 * 1024;

/** Keys, size and the `immutable` flag. Source: kubernetes pkg/apis/core/validation/validation.go. */
export const configMapRules: KindRules = {
  validate(object, old) {
    const faults: FieldError[] = [];
    if (old?.immutable) {
      const words = 'field is immutable when `immutable` is set';
      if (!object.immutable) faults.push(notAllowed('immutable', words));
      for (const field of ['data', 'binaryData'])
        if (!sameJson(old[field], object[field])) faults.push(notAllowed(field, words));
    }
    const { data = {}, binaryData = {} } = object;
    for (const [field, map] of Object.entries({ data, binaryData }))
      for (const key of Object.keys(map)) {
        faults.push(...badFormat(`${field}[${key}]`, key, configKey));
        if (field === 'data' && key in binaryData)
          faults.push(badValue(`data[${key}]`, key, 'duplicate of key present in binaryData'));
      }
    const values = [...Object.values<string>(data), ...Object.values<string>(binaryData)];
    const size = values.reduce((sum, value) => sum + Buffer.byteLength(value), 0);
    if (size > LIMIT)
      faults.push({
        field: '[]',
        message: `Too long: may not be more than ${LIMIT} bytes`,
        reason: 'FieldValueTooLong',
      });
    return faults;
  },
};
