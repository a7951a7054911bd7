/** An object while it is being made, field by field: for lists of thousands, where a spread costs an object each. */
export type Mutable<T> = { -readonly [field in keyof T]: T[field] };
