import { showId } from '../kit/index.ts'
import type { SetupIntent } from './core/model.ts'
import type { CustomersDoor } from './door.ts'
import { clientSecretOf, SETUP_INTENT_PREFIX } from './views.ts'

/** Where the customer comes back to: Stripe names the intent in the address, so that the page there knows which it is. */
const backTo = (intent: SetupIntent, returnUrl: string): string => {
  const url = new URL(returnUrl)
  url.searchParams.set('setup_intent', showId(SETUP_INTENT_PREFIX, intent.id))
  url.searchParams.set('setup_intent_client_secret', clientSecretOf(intent))
  return url.href
}

/** The rail's page as an absolute address, with the address to come back to. */
export const addressOn =
  (door: Pick<CustomersDoor, 'publicUrl'>) =>
  (intent: SetupIntent, path: string): string => {
    const url = new URL(path, door.publicUrl())
    if (intent.returnUrl !== null) url.searchParams.set('return_url', backTo(intent, intent.returnUrl))
    return url.href
  }
