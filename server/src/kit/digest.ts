import { createHash } from 'node:crypto'

/** SHA-256 (FIPS 180-4) of a text in UTF-8, or of bytes. */
export const sha256 = (data: string | Uint8Array): Buffer => createHash('sha256').update(data).digest()
