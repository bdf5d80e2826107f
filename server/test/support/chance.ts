const STEP = 0x6d2b79f5
const WHOLE = 4_294_967_296

/** Chance that is the same at every run of the test (mulberry32): numbers from 0 up to 1. */
export const chanceOf = (seed: number): (() => number) => {
  let state = seed
  return () => {
    state = (state + STEP) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / WHOLE
  }
}
