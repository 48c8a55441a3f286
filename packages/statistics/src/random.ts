/** A source of numbers, uniform in [0, 1). Handed in: nothing here makes chance of its own. */
export type Random = () => number;

/**
 * A seeded generator: the same seed gives the same figures on every machine.
 *
 * sfc32 of PractRand (Chris Doty-Humphrey), seeded through a multiply-xorshift mix, 12 outputs thrown
 * away. Good for simulation; worthless as a secret.
 */
export function seededRandom(seed: number): Random {
  let mixed = seed >>> 0;
  const next = (): number => {
    mixed = (mixed + 0x9e3779b9) >>> 0;
    let word = Math.imul(mixed ^ (mixed >>> 16), 0x21f0aaad);
    word = Math.imul(word ^ (word >>> 15), 0x735a2d97);
    return (word ^ (word >>> 15)) >>> 0;
  };
  let [a, b, c, counter] = [next(), next(), next(), 1];
  const random: Random = () => {
    const out = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + out) | 0;
    return (out >>> 0) / 4294967296;
  };
  for (let thrown = 0; thrown < 12; thrown += 1) random();
  return random;
}

/** A standard normal number by the polar method (Marsaglia and Bray 1964). */
export function normalFrom(random: Random): number {
  // Each draw is kept with probability π/4: a thousand refusals in a row mean a broken generator.
  for (let tries = 0; tries < 1000; tries += 1) {
    const u = 2 * random() - 1;
    const v = 2 * random() - 1;
    const s = u * u + v * v;
    if (s > 0 && s < 1) return u * Math.sqrt((-2 * Math.log(s)) / s);
  }
  throw new Error('the generator handed in does not give uniform numbers');
}
