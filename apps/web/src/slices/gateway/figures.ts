const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

/** `1,234,567`: every digit, for what is counted exactly. */
export function figure(value: number): string {
  return whole.format(value);
}

/**
 * Millionths of a unit of money as `1.50 USD`: two places, and more where they are needed for what is
 * there not to be rounded away.
 */
export function moneyWords(micros: number, currency: string): string {
  const size = Math.abs(micros);
  const rest = (size % 1_000_000).toString().padStart(6, '0');
  const unit = figure(Math.trunc(size / 1_000_000));
  return `${micros < 0 ? '-' : ''}${unit}.${rest.replace(/0{1,4}$/, '')} ${currency}`;
}
