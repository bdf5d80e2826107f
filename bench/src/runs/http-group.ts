import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { newUuid, type Uuid } from '../../../server/src/kit/index.ts'
import { httpBatches } from '../benchmarks/http-batches.ts'
import { httpEmpty, httpTransfers, type Width } from '../benchmarks/http-transfers.ts'
import type { Tally } from '../books.ts'
import type { Sandbox } from '../database.ts'
import { askOnce } from '../http/ask.ts'
import { accountsRequest, TRANSFERS_PATH, transferRequest } from '../http/requests.ts'
import type { Meter } from '../meter.ts'
import type { Program } from '../program.ts'
import { type Measured, runInTurn } from '../runner.ts'
import type { Stand } from '../stand.ts'
import { type PickPair, pickUniform } from '../transfers.ts'
import { chosen, type RunOptions } from './options.ts'

const WIDTHS: readonly Width[] = [256, 32, 1]

export const HTTP_KEYS = [...WIDTHS.flatMap((width) => [`http_${width}`, `empty_${width}`]), 'batch_http']

/** Opens accounts as a client does, by the same requests. */
export const openAccountsOverHttp = async (
  { port }: Program,
  { key }: Sandbox,
  { count, batch }: { readonly count: number; readonly batch: number },
): Promise<Uuid[]> => {
  const nowMs = Date.now()
  const ids = Array.from({ length: count }, () => newUuid(nowMs))
  for (let from = 0; from < ids.length; from += batch)
    await askOnce(port, accountsRequest(key, ids.slice(from, from + batch)))
  return ids
}

/** The answer of a real transfer, for the empty endpoint to give. */
const sampleAnswer = async (
  server: Program,
  sandbox: Sandbox,
  pick: PickPair,
  tally: Tally,
): Promise<string> => {
  const request = transferRequest(sandbox.key, pick)
  const answer = await askOnce(server.port, request.text)
  tally.add(sandbox, 1, request.amount)
  return answer
}

/** Single transfers beside an empty endpoint, at each number of connections, and batches: all in turn. */
export const runHttpGroup = async (
  stand: Stand,
  { meter, tally, options }: { readonly meter: Meter; readonly tally: Tally; readonly options: RunOptions },
): Promise<Measured[]> => {
  const { sizes, tell, startedMs } = options
  const { admin } = stand
  tell('starting a server')
  const server = await stand.startServer()
  const sandbox = await stand.createSandbox('http')
  tell(`opening ${sizes.accounts} accounts over HTTP`)
  const accounts = await openAccountsOverHttp(server, sandbox, { count: sizes.accounts, batch: sizes.batch })
  const pick = pickUniform(accounts)
  const answerFile = join(stand.folder, 'answer.json')
  writeFileSync(answerFile, await sampleAnswer(server, sandbox, pick, tally))
  const empty = await stand.startEmptyServer(answerFile, TRANSFERS_PATH)
  const benchmarks = [
    ...WIDTHS.flatMap((width) => [
      httpTransfers({ width, server, sandbox, pick, sizes }, { admin, tally }),
      httpEmpty({
        key: `empty_${width}`,
        what: `an empty endpoint, ${width} ${width === 1 ? 'connection' : 'connections'}`,
        width,
        server: empty,
        requests: {
          count: sizes.httpRequestsMost[width],
          make: () => transferRequest(sandbox.key, pick).text,
        },
        roundMs: sizes.httpMs[width],
      }),
    ]),
    httpBatches({ admin, server, sandbox, pick, sizes, tally }),
  ]
  const measured = await runInTurn(
    meter,
    {
      benchmarks: chosen(options, benchmarks),
      rounds: sizes.httpRounds,
      roundsLeast: sizes.roundsLeast,
      untilMs: startedMs + sizes.httpUntilMs,
    },
    tell,
  )
  // One server at a time has the data folder to itself.
  await Promise.all([server.stop(), empty.stop()])
  return measured
}
