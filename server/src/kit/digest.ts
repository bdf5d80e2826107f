import { hash } from 'node:crypto'

/** SHA-256 (FIPS 180-4) of a text in UTF-8, or of bytes. */
export const sha256 = (data: string | Uint8Array): Buffer => hash('sha256', data, 'buffer')

/** The same in hexadecimal, which the native side hands over in half the time. */
export const sha256Hex = (data: string | Uint8Array): string => hash('sha256', data, 'hex')
