import type { Configuration } from './configuration.ts'

/** Where people reach the server: known for certain once it listens. */
export type PublicUrl = {
  readonly get: () => string
  readonly set: (address: string) => void
}

export const createPublicUrl = ({ host, port }: Pick<Configuration, 'host' | 'port'>): PublicUrl => {
  const name = host.includes(':') ? `[${host}]` : host
  let current = `http://${name}:${port}`
  return {
    get: () => current,
    set: (address) => {
      current = address
    },
  }
}
