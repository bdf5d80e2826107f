import type { Reachable } from '../events/index.ts'
import type { Configuration } from './configuration.ts'

const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|::1)$/i

/** A server that listens on loopback is somebody's own, and so are the programs beside it. */
export const reachableOf = ({ host, webhookAllowPrivate }: Configuration): Reachable => ({
  allowPrivate: webhookAllowPrivate,
  isLocal: LOOPBACK.test(host),
})
