import { createOpenFeatureProvider } from '@evenkeel/sdk'
import {
  type Client,
  type EvaluationContext,
  type EvaluationDetails,
  type JsonValue,
  OpenFeature,
  type Provider,
} from '@openfeature/server-sdk'
import type { Control } from '../../src/exposure/core/model.ts'
import type { Json } from '../../src/kit/index.ts'
import { control, launchId } from '../support/exposure-samples.ts'
import { EXPOSURE_KEY, openExposureServer } from '../support/exposure-server.ts'

/** Flags of OpenFeature's own tests, as test-flags.json has them. */
export type Flag = {
  readonly disabled?: boolean
  readonly variants: Readonly<Record<string, Json>>
  readonly defaultVariant?: string | null
  readonly contextEvaluator?: string
}

const OTHER = 'what the code does without it'
/** The one that the flags with an evaluator let in: here he is named. */
const NAMED = 'ballmer@macrosoft.com'

/** What the code of a disabled flag's caller does: a launch's other variant is the ordinary way. */
const ORDINARY: Readonly<Record<string, Json>> = {
  'boolean-disabled-flag': false,
  'string-disabled-flag': 'bye',
  'integer-disabled-flag': 1,
  'float-disabled-flag': 0.1,
  'object-disabled-flag': { a: 1 },
}

/** A flag as a launch: its default variant is what everybody gets, or what is named gets where it has an evaluator. */
export const launchOf = (key: string, flag: Flag, number: number): Control | null => {
  const usual = flag.defaultVariant ?? null
  if (usual === null) return null
  const isTargeted = flag.contextEvaluator !== undefined
  const named = Object.keys(flag.variants).find((variant) => flag.contextEvaluator?.includes(`'${variant}'`))
  const on = named ?? usual
  const off = isTargeted ? usual : OTHER
  const other = ORDINARY[key] ?? null
  return control({
    launch: launchId(number + 1),
    subject: {
      kind: 'feature',
      key,
      variants: isTargeted ? flag.variants : { ...flag.variants, [OTHER]: other },
      on,
      off,
    },
    unit: 'targeting_key',
    exposureBp: isTargeted ? 0 : 10_000,
    named: isTargeted ? [NAMED] : [],
    isStopped: flag.disabled === true,
  })
}

export type Type = 'Boolean' | 'String' | 'Integer' | 'Float' | 'Object'
export type Details = EvaluationDetails<boolean> | EvaluationDetails<JsonValue>

export const evaluate = (
  client: Client,
  asked: { readonly type: Type; readonly key: string; readonly fallback: JsonValue },
  context: EvaluationContext,
): Promise<Details> => {
  const { type, key, fallback } = asked
  switch (type) {
    case 'Boolean':
      return client.getBooleanDetails(key, fallback as boolean, context)
    case 'String':
      return client.getStringDetails(key, fallback as string, context)
    case 'Integer':
    case 'Float':
      return client.getNumberDetails(key, fallback as number, context)
    case 'Object':
      return client.getObjectDetails(key, fallback, context)
  }
}

/** A provider in each of the states that a scenario asks for, over a server that is really there. */
export const openStand = async (controls: readonly Control[]) => {
  const server = openExposureServer()
  server.set(controls)
  const baseUrl = await server.app.listen({ host: '127.0.0.1', port: 0 })
  // Written down as what it must be: the compiler compares the provider with OpenFeature's own interface here.
  const provider = (more: Partial<Parameters<typeof createOpenFeatureProvider>[0]> = {}): Provider =>
    createOpenFeatureProvider({ baseUrl, apiKey: EXPOSURE_KEY, ...more })
  const never: typeof fetch = () => new Promise(() => undefined)
  const away: typeof fetch = () => Promise.reject(new Error('nobody is there'))
  const states: Readonly<Record<string, () => Provider>> = {
    stable: () => provider(),
    'not ready': () => provider({ fetch: never }),
    error: () => provider({ fetch: away }),
    fatal: () => provider({ apiKey: 'nobody' }),
  }
  let clients = 0
  return {
    /** A client of a provider of its own, in that state; null for one that this provider does not know. */
    client: async (state: string): Promise<Client | null> => {
      const make = states[state]
      if (make === undefined) return null
      const domain = `${state} ${++clients}`
      if (state === 'not ready') OpenFeature.setProvider(domain, make())
      else await OpenFeature.setProviderAndWait(domain, make()).catch(() => undefined)
      return OpenFeature.getClient(domain)
    },
    close: async () => {
      await OpenFeature.clearProviders()
      await server.app.close()
    },
  }
}
