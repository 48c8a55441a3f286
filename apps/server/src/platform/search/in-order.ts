const firstMax = 256;

/**
 * Those of `numbers` that `has` tells, in order. Of many the first few are found without sorting the
 * rest, which is done only for who walks on.
 */
export function* inOrder(
  numbers: Uint32Array,
  has: (number: number) => boolean,
  compare: (a: number, b: number) => number,
): Generator<number> {
  const first = firstOf(numbers, has, compare);
  yield* first;
  const last = first.at(-1);
  if (last === undefined || first.length < firstMax) return;
  const rest: number[] = [];
  for (const number of numbers) {
    if (has(number) && compare(number, last) > 0) rest.push(number);
  }
  yield* rest.toSorted(compare);
}

function firstOf(
  numbers: Uint32Array,
  has: (number: number) => boolean,
  compare: (a: number, b: number) => number,
): readonly number[] {
  let first: number[] = [];
  let worst: number | undefined;
  // From the end, where what came last usually stands: the sooner the best are known, the less is sorted.
  for (let at = numbers.length - 1; at >= 0; at--) {
    const number = numbers[at];
    if (number === undefined || !has(number)) continue;
    if (worst !== undefined && compare(number, worst) >= 0) continue;
    first.push(number);
    if (first.length >= 2 * firstMax) {
      first = first.toSorted(compare).slice(0, firstMax);
      worst = first.at(-1);
    }
  }
  return first.toSorted(compare).slice(0, firstMax);
}
