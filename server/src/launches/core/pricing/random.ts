import { sha256 } from '../../../kit/index.ts'

/** Numbers from 0 to below 1. A core asks for no chance: it is given one, and the same seed gives the same numbers. */
export type Random = () => number

const TWO_TO_32 = 4_294_967_296

/** Numbers thrown away at the start, as the generator's author advises. */
const WARM_UP = 12

/** sfc32 (Chris Doty-Humphrey, PractRand), seeded with the SHA-256 of a text. */
export const createRandom = (seed: string): Random => {
  const digest = sha256(seed)
  let a = digest.readUInt32LE(0)
  let b = digest.readUInt32LE(4)
  let c = digest.readUInt32LE(8)
  let counter = 1
  const next = (): number => {
    const sum = (a + b + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (c << 21) | (c >>> 11)
    c = (c + sum) | 0
    return (sum >>> 0) / TWO_TO_32
  }
  for (let thrown = 0; thrown < WARM_UP; thrown += 1) next()
  return next
}
