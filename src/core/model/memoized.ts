/**
 * `make`, whose result is kept as long as the object that it was made of. For what follows from a list of thousands
 * of targets that a run asks many times. The object must never change, and `make` must look at nothing else.
 */
export function memoized<Of extends object, Made extends object>(
  make: (of: Of) => Made,
): (of: Of) => Made {
  const kept = new WeakMap<Of, Made>();
  return (of) => {
    let made = kept.get(of);
    if (made === undefined) kept.set(of, (made = make(of)));
    return made;
  };
}
