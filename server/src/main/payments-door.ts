import { clockExpanders, type Drain } from '../clock/index.ts'
import { customersExpanders, onAuthentication } from '../customers/index.ts'
import { clientSecrets, onNotification, type PaymentsDoor, paymentExpanders } from '../payments/index.ts'
import type { InboundMessage, Notification, Rail, SandboxCard } from '../rails/index.ts'
import type { Expanders } from '../requests/index.ts'
import type { RailNames } from '../routing/index.ts'
import { type CustomersGround, customersDoorOf } from './customers-door.ts'
import type { Platform } from './platform.ts'
import { sealAnswers } from './sealed-answers.ts'

export type PaymentsGround = CustomersGround & Pick<Platform, 'vault' | 'paymentSettings'>

/** What every id can be expanded to. */
export const allExpanders = ({ vault }: Pick<Platform, 'vault'>): Expanders => ({
  ...customersExpanders,
  ...clockExpanders,
  ...paymentExpanders(clientSecrets(vault.fingerprintKey('client_secret'))),
})

/** What payments stand on. There is no live rail yet, so the live books take no payments. */
export const paymentsDoorOf = (ground: PaymentsGround): PaymentsDoor => ({
  commit: sealAnswers(ground.commit, ground.vault, ground.sealsAnswers),
  read: ground.read,
  clock: ground.clock,
  expanders: allExpanders(ground),
  publicUrl: ground.publicUrl.get,
  rails: ground.sandboxCard.rails,
  secrets: clientSecrets(ground.vault.fingerprintKey('client_secret'), ground.sealsAnswers),
  settings: ground.paymentSettings,
})

/** The rails that payments of such books can take, the default one first. */
export const railNamesOf =
  ({ sandboxCard }: Pick<Platform, 'sandboxCard'>): RailNames =>
  (mode) =>
    sandboxCard.rails.filter(({ isLive }) => isLive === (mode === 'live')).map(({ name }) => name)

const take = async (
  platform: Platform,
  door: PaymentsDoor,
  rail: Rail,
  told: Notification,
): Promise<void> => {
  if (await onNotification(door, rail)(told)) return
  if (told.type !== 'authentication') return
  if (await onAuthentication(customersDoorOf(platform), rail, told)) return
  // It may be told before what it is about is committed; the rail tells it again.
  throw new Error('nobody knows the authentication yet')
}

/** Whose message it is: each rail takes only what proves to be its own. */
const hear = (
  rails: readonly Rail[],
  message: InboundMessage,
): { readonly rail: Rail; readonly notifications: readonly Notification[] } | null => {
  for (const rail of rails) {
    const notifications = rail.receive(message)
    if (notifications !== null) return { rail, notifications }
  }
  return null
}

/** Takes in what the rails tell by themselves. */
export const startHearing = (
  platform: Platform,
  onError: (error: unknown) => void,
): ReturnType<SandboxCard['startWorker']> => {
  const door = paymentsDoorOf(platform)
  const { rails, startWorker } = platform.sandboxCard
  return startWorker({
    onError,
    onMessage: async (message) => {
      const heard = hear(rails, message)
      if (heard === null) throw new Error('a notification is no rail’s own')
      for (const told of heard.notifications) await take(platform, door, heard.rail, told)
    },
  })
}

/** At each of its stops a clock that is moved on waits for what the acquirer tells there. */
export const railDrain = (platform: Pick<Platform, 'sandboxCard'>): Drain => ({
  run: async (tenant, untilMicros) => {
    const { delivered, failed } = await platform.sandboxCard.deliverDue(tenant, untilMicros)
    return { rail_notifications: delivered, rail_notifications_failed: failed }
  },
  nextDue: platform.sandboxCard.nextDue,
})
