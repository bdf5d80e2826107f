import { randomFillSync } from 'node:crypto'

const ID_BYTES = 12
const pool = Buffer.alloc(ID_BYTES * 512)
let used = pool.length

/** req_ and 24 hexadecimal digits. Drawn from a pool, as a call for random bytes costs more than the rest of the door. */
export const newRequestId = (): string => {
  if (used === pool.length) {
    randomFillSync(pool)
    used = 0
  }
  const id = pool.toString('hex', used, used + ID_BYTES)
  used += ID_BYTES
  return `req_${id}`
}
