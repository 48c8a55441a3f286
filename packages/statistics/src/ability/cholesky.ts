import { at as numberAt } from '../at.ts';

// Bound once: a test runner reaches imports through an accessor, which these loops would feel.
const at = numberAt;

/** The lower triangle L of A = L·Lᵀ, row by row; undefined where A is not positive definite. */
export function cholesky(matrix: Float64Array, size: number): Float64Array | undefined {
  const lower = new Float64Array(size * size);
  for (let row = 0; row < size; row += 1) {
    for (let column = 0; column <= row; column += 1) {
      let value = at(matrix, row * size + column);
      for (let k = 0; k < column; k += 1) {
        value -= at(lower, row * size + k) * at(lower, column * size + k);
      }
      if (row !== column) lower[row * size + column] = value / at(lower, column * size + column);
      else if (value > 0) lower[row * size + row] = Math.sqrt(value);
      else return undefined;
    }
  }
  return lower;
}

/** Solves A·x = b, given A's lower triangle. */
export function solve(lower: Float64Array, b: Float64Array): Float64Array {
  const size = b.length;
  const x = b.slice();
  for (let row = 0; row < size; row += 1) {
    let value = at(x, row);
    for (let k = 0; k < row; k += 1) value -= at(lower, row * size + k) * at(x, k);
    x[row] = value / at(lower, row * size + row);
  }
  for (let row = size - 1; row >= 0; row -= 1) {
    let value = at(x, row);
    for (let k = row + 1; k < size; k += 1) value -= at(lower, k * size + row) * at(x, k);
    x[row] = value / at(lower, row * size + row);
  }
  return x;
}

/** One column of A's inverse, given A's lower triangle. */
export function inverseColumn(lower: Float64Array, size: number, column: number): Float64Array {
  const unit = new Float64Array(size);
  unit[column] = 1;
  return solve(lower, unit);
}
