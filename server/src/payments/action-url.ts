import { showId } from '../kit/index.ts'
import type { Intent } from './core/model.ts'
import { INTENT_PREFIX } from './views.ts'
import type { World } from './world.ts'

/** Where the customer comes back to: Stripe names the payment in the address, so that the page there knows which it is. */
const backTo = (world: World, intent: Intent, returnUrl: string): string => {
  const url = new URL(returnUrl)
  url.searchParams.set('payment_intent', showId(INTENT_PREFIX, intent.id))
  url.searchParams.set('payment_intent_client_secret', world.secrets.hidden(world.tenant, intent.id))
  url.searchParams.set('source_type', 'card')
  return url.href
}

/** The rail's page as an absolute address, with the address to come back to. */
export const actionUrl = (world: World, intent: Intent, path: string): string => {
  const url = new URL(path, world.publicUrl())
  if (intent.returnUrl !== null) url.searchParams.set('return_url', backTo(world, intent, intent.returnUrl))
  return url.href
}
