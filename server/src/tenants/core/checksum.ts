const POLYNOMIAL = 0xedb88320

/** CRC-32 (ISO 3309) over the characters of a plain ASCII text: it finds slips of the hand, and proves nothing. */
export const crc32 = (text: string): number => {
  let sum = 0xffff_ffff
  for (let i = 0; i < text.length; i++) {
    sum ^= text.charCodeAt(i)
    for (let bit = 0; bit < 8; bit++) sum = (sum & 1) === 1 ? (sum >>> 1) ^ POLYNOMIAL : sum >>> 1
  }
  return (sum ^ 0xffff_ffff) >>> 0
}
