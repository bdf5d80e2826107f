import { showId, type Uuid } from '../../kit/index.ts'

/** Ids as the API shows them, so that what is found can be looked up. */
export const showAccount = (id: Uuid): string => showId('la', id)
export const showTransfer = (id: Uuid): string => showId('lt', id)

const HEX = 16

/** The id that begins there in a stream. */
export const idAt = (view: DataView, at: number): Uuid => {
  const hex = (from: number, until: number): string => {
    let text = ''
    for (let byte = from; byte < until; byte += 1)
      text += view
        .getUint8(at + byte)
        .toString(HEX)
        .padStart(2, '0')
    return text
  }
  return [hex(0, 4), hex(4, 6), hex(6, 8), hex(8, 10), hex(10, HEX)].join('-') as Uuid
}
