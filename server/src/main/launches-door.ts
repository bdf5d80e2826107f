import type { Drain } from '../clock/index.ts'
import { deliveryLag } from '../events/index.ts'
import { type ControllerDoor, controllerDrain, type LaunchesDoor } from '../launches/index.ts'
import { countInFlight, countWithoutCustomer, watchMoney, whenCharged } from '../payments/index.ts'
import { findPersonOver } from '../people/index.ts'
import { railNamesOf } from './payments-door.ts'
import type { Platform } from './platform.ts'

/** What the controller of launches stands on: what payments and webhooks tell it. */
export const controllerDoorOf = (platform: Platform): ControllerDoor => {
  const { commit, read, clock, log } = platform
  const door = { commit, read, clock }
  return {
    ...door,
    watchMoney: watchMoney(door),
    countInFlight: countInFlight(door),
    whenCharged: whenCharged(door),
    deliveryLag: deliveryLag(door),
    onError: (error) =>
      log.warn({ error: String(error) }, 'the money of a launch could not be looked at; it is tried again'),
  }
}

/** A clock that is moved on waits at each of its stops for a look at the launches. */
export const launchDrain = (platform: Platform): Drain => controllerDrain(controllerDoorOf(platform))

/** What the routes of launches stand on: the rails that can be launched, and who can own a launch. */
export const launchesDoorOf = (
  platform: Pick<Platform, 'commit' | 'read' | 'clock' | 'sandboxCard'>,
): LaunchesDoor => {
  const { commit, read, clock } = platform
  const namesOf = railNamesOf(platform)
  return {
    commit,
    read,
    clock,
    findPerson: findPersonOver(read),
    countWithoutCustomer: countWithoutCustomer({ read }),
    railsOf: (mode) => {
      const names = namesOf(mode)
      return { names, ordinary: names[0] ?? null }
    },
  }
}
