/** How many runs a property gets: few enough for CI, or as many as were asked for by name (EVENKEEL_TEST_SIZE=full). */
const isFull = process.env['EVENKEEL_TEST_SIZE'] === 'full'

/**
 * CI plays the same histories every time, so that a red run is about the change and not about luck. The full size
 * draws new ones each time; fast-check says the seed of a failure, and `seed` here repeats it.
 */
export const runs = (size: { readonly ci: number; readonly full: number; readonly seed: number }) =>
  isFull ? { numRuns: size.full } : { numRuns: size.ci, seed: size.seed }
