import { BlockList, isIP } from 'node:net'

/** What an address leads to. Everything that is not surely public counts as private. */
export type Reach = 'public' | 'loopback' | 'private'

const listOf = (family: 'ipv4' | 'ipv6', subnets: readonly (readonly [string, number])[]): BlockList => {
  const list = new BlockList()
  for (const [net, prefix] of subnets) list.addSubnet(net, prefix, family)
  return list
}

/** IANA's special-purpose registry for IPv4, multicast, and what is reserved. */
const NOT_PUBLIC_4 = listOf('ipv4', [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.31.196.0', 24],
  ['192.52.193.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['192.175.48.0', 24],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
])
const LOOPBACK_4 = listOf('ipv4', [['127.0.0.0', 8]])

/** Global unicast. Outside it stand loopback, unique local, link-local, multicast, IPv4 in disguise and NAT64. */
const GLOBAL_6 = listOf('ipv6', [['2000::', 3]])
/** And of that: protocol assignments with Teredo, documentation, 6to4. */
const NOT_PUBLIC_6 = listOf('ipv6', [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['2620:4f:8000::', 48],
  ['3fff::', 20],
])
const LOOPBACK_6 = listOf('ipv6', [['::1', 128]])

export const reachOf = (address: string): Reach => {
  const [bare = ''] = address.replace(/^\[|\]$/g, '').split('%')
  switch (isIP(bare)) {
    case 4:
      if (LOOPBACK_4.check(bare, 'ipv4')) return 'loopback'
      return NOT_PUBLIC_4.check(bare, 'ipv4') ? 'private' : 'public'
    case 6:
      if (LOOPBACK_6.check(bare, 'ipv6')) return 'loopback'
      return GLOBAL_6.check(bare, 'ipv6') && !NOT_PUBLIC_6.check(bare, 'ipv6') ? 'public' : 'private'
    default:
      return 'private'
  }
}

/** What the server's operator lets webhooks reach. */
export type Reachable = {
  /** The setting WEBHOOK_ALLOW_PRIVATE. */
  readonly allowPrivate: boolean
  /** The server itself listens on loopback, so whoever uses its sandboxes sits at this machine. */
  readonly isLocal: boolean
}

export const mayReach = (
  address: string,
  { allowPrivate, isLocal }: Reachable,
  livemode: boolean,
): boolean => {
  const reach = reachOf(address)
  if (reach === 'public' || allowPrivate) return true
  return reach === 'loopback' && isLocal && !livemode
}
