/** What a list of numbers is indexed as here: plain or typed. */
export type Numbers = ArrayLike<number>;

/**
 * The number at a place that the code has already bounded.
 *
 * A hole is a broken assumption, never an input's fault: it throws instead of counting as zero.
 */
export function at(numbers: Numbers, index: number): number {
  const value = numbers[index];
  if (value === undefined) throw new RangeError(`no number at ${index} of ${numbers.length}`);
  return value;
}

/** Sum of a list, with Neumaier's correction: long lists of small weights keep their last digits. */
export function sum(numbers: Numbers): number {
  let total = 0;
  let lost = 0;
  for (let index = 0; index < numbers.length; index += 1) {
    const value = at(numbers, index);
    const next = total + value;
    lost += Math.abs(total) >= Math.abs(value) ? total - next + value : value - next + total;
    total = next;
  }
  return total + lost;
}

/** Arithmetic mean; NaN of an empty list. */
export function mean(numbers: Numbers): number {
  return sum(numbers) / numbers.length;
}
