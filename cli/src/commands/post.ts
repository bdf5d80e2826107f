import { JsonText, type Payload } from '@evenkeel/sdk'
import { type Command, Option } from 'commander'
import { type ApiOptions, addApiOptions, callApi, readPair } from '../api.ts'
import type { Context } from '../context.ts'
import { addExamples } from '../help.ts'
import { readJson } from '../read-json.ts'
import type { Terminal } from '../terminal.ts'

type Options = ApiOptions & {
  readonly data?: URLSearchParams
  readonly dataJson?: string
  readonly idempotencyKey?: string
}

/** Checked here for a better message; sent as it is, since reading and writing it anew could round a number. */
const jsonOf = async (terminal: Terminal, source: string): Promise<JsonText> =>
  new JsonText((await readJson(terminal, source, 'Correct it, or send parameters with -d.')).text)

const payloadOf = async (terminal: Terminal, { data, dataJson }: Options): Promise<Payload> =>
  dataJson === undefined ? (data ?? new URLSearchParams()) : jsonOf(terminal, dataJson)

export const addPost = (program: Command, context: Context): void => {
  const command = program
    .command('post')
    .summary('write by the API of a server that runs')
    .description(
      'Sends a POST request to any path of the API and prints the answer as JSON. It is sent with an idempotency key, and again with the same key when no answer comes: nothing is done twice.',
    )
    .argument('<path>', 'such as /v1/ledger/transfers')
    .option('-d, --data <key=value>', 'a parameter; as often as needed', readPair)
    .addOption(
      new Option(
        '--data-json <file>',
        'the whole body, from a JSON file or from - (standard input)',
      ).conflicts('data'),
    )
    .option('--idempotency-key <key>', 'of your own; a new one for each call otherwise')
  addApiOptions(command).action(async (path: string, options: Options) => {
    const payload = await payloadOf(context.terminal, options)
    const { idempotencyKey } = options
    const own = idempotencyKey === undefined ? {} : { idempotencyKey }
    await callApi(context, { method: 'POST', path, payload, options, own })
  })
  addExamples(command, [
    ['evenkeel post /v1/ledger/accounts -d ledger=1 -d code=10 -d currency=eur', 'an account'],
    ['evenkeel post /v1/ledger/transfers --data-json transfer.json', 'a body from a file'],
    ["evenkeel post /v1/ledger/accounts -d ledger=1 -d code=10 -d 'metadata[order]=7'", 'a level'],
  ])
}
