/** PCG32 with a stream, 32 bits at a time (O'Neill 2014), as base/rng.h has it. */
export function pcg(seed, stream) {
  const kMask = (1n << 64n) - 1n;
  const increment = (BigInt(stream) << 1n) | 1n;
  let state = 0n;
  const next = () => {
    const old = state;
    state = (old * 6364136223846793005n + increment) & kMask;
    const shifted = Number((((old >> 18n) ^ old) >> 27n) & 0xffffffffn);
    const rotation = Number(old >> 59n);
    return ((shifted >>> rotation) | (shifted << ((32 - rotation) & 31))) >>> 0;
  };
  next();
  state = (state + BigInt(seed)) & kMask;
  next();
  return next;
}
