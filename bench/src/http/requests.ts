import { newUuid, showId, type Uuid } from '../../../server/src/kit/index.ts'
import { CODE, CURRENCY, LEDGER, type PickPair, randomAmount } from '../transfers.ts'

/** A request as it goes over the wire, and what it moves. */
export type Request = { readonly text: string; readonly transfers: number; readonly amount: bigint }

const ACCOUNT = 'la'

/** A POST of JSON with a key of its own, as our guide tells clients to send it. */
const post = (path: string, key: string, body: string): string =>
  `POST ${path} HTTP/1.1\r
Host: 127.0.0.1\r
Authorization: Bearer ${key}\r
Content-Type: application/json\r
Idempotency-Key: ${newUuid(Date.now())}\r
Content-Length: ${body.length}\r
\r
${body}`

export const get = (path: string, key: string): string =>
  `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ${key}\r\n\r\n`

const transferJson = (pick: PickPair, nowMs: number, amount: number): string => {
  const { debit, credit } = pick()
  return `{"id":"${newUuid(nowMs)}","debit_account":"${showId(ACCOUNT, debit)}","credit_account":"${showId(ACCOUNT, credit)}","amount":${amount},"ledger":${LEDGER},"code":${CODE}}`
}

export const TRANSFERS_PATH = '/v1/ledger/transfers'
const BATCHES_PATH = '/v1/ledger/batches'

/** One transfer, under an id of the client's own. */
export const transferRequest = (key: string, pick: PickPair): Request => {
  const amount = randomAmount()
  const body = transferJson(pick, Date.now(), amount)
  return { text: post(TRANSFERS_PATH, key, body), transfers: 1, amount: BigInt(amount) }
}

export const batchRequest = (key: string, pick: PickPair, size: number): Request => {
  const nowMs = Date.now()
  let sum = 0
  const items = Array.from({ length: size }, () => {
    const amount = randomAmount()
    sum += amount
    return transferJson(pick, nowMs, amount)
  })
  return {
    text: post(BATCHES_PATH, key, `{"transfers":[${items.join()}]}`),
    transfers: size,
    amount: BigInt(sum),
  }
}

export const accountsRequest = (key: string, ids: readonly Uuid[]): string => {
  const items = ids.map((id) => `{"id":"${id}","ledger":${LEDGER},"code":${CODE},"currency":"${CURRENCY}"}`)
  return post(BATCHES_PATH, key, `{"accounts":[${items.join()}]}`)
}

export const entriesRequest = (key: string, account: Uuid, limit: number | null): string =>
  get(
    `/v1/ledger/accounts/${showId(ACCOUNT, account)}/entries${limit === null ? '' : `?limit=${limit}`}`,
    key,
  )
