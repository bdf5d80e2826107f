import type { Command } from 'commander'
import { type ApiOptions, addApiOptions, callApi, readPair } from '../api.ts'
import type { Context } from '../context.ts'
import { addExamples } from '../help.ts'

type Options = ApiOptions & { readonly data?: URLSearchParams }

export const addGet = (program: Command, context: Context): void => {
  const command = program
    .command('get')
    .summary('read from the API of a server that runs')
    .description('Sends a GET request for any path of the API and prints the answer as JSON.')
    .argument('<path>', 'such as /v1/ledger/accounts')
    .option('-d, --data <key=value>', 'a parameter; as often as needed', readPair)
  addApiOptions(command).action(async (path: string, options: Options) => {
    await callApi(context, { method: 'GET', path, payload: options.data ?? {}, options })
  })
  addExamples(command, [
    ['evenkeel get /v1/ledger/accounts', 'the newest accounts'],
    ["evenkeel get /v1/ledger/accounts -d limit=3 -d 'created[gte]=1764547200'", 'since then'],
    ['evenkeel get /healthz', 'needs no key'],
  ])
}
