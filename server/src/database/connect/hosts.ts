/** One machine that a database URL names, and the URL that names it alone. */
export type Host = {
  readonly name: string
  readonly host: string
  readonly port: number
  readonly url: string
}

const DEFAULT_PORT = 5432

/** Ours is not libpq: what a session must be is not a matter of taste, because decisions are taken on the primary only. */
const ATTRIBUTES_OF_A_PRIMARY: readonly string[] = ['any', 'read-write', 'primary']

/** scheme, login, hosts, database, parameters. The last @ ends the login, as for whoever reads the URL after us. */
const PARTS = /^(postgres(?:ql)?:\/\/)([^/?]*@)?([^/?]*)(\/[^?]*)?(?:\?(.*))?$/

const HOST_AND_PORT = /^(\[[0-9a-f:.%]+\]|[^:[\]]*)(?::(\d*))?$/i

type Parameters = readonly (readonly [name: string, text: string])[]

type Parts = {
  readonly scheme: string
  readonly login: string
  readonly authority: string
  readonly database: string
  readonly parameters: Parameters
}

const partsOf = (url: string): Parts | null => {
  const found = PARTS.exec(url)
  if (found === null) return null
  const [, scheme = '', login = '', authority = '', database = '', query = ''] = found
  const parameters = query.split('&').flatMap((text) => {
    const at = text.indexOf('=')
    return text === '' ? [] : [[at < 0 ? text : text.slice(0, at), at < 0 ? '' : text.slice(at + 1)] as const]
  })
  return { scheme, login, authority, database, parameters }
}

const last = (parameters: Parameters, name: string): string | null =>
  parameters.findLast(([one]) => one === name)?.[1] ?? null

type Named = { readonly host: string; readonly port: string }

const decoded = (text: string): string | null => {
  try {
    return decodeURIComponent(text)
  } catch {
    return null
  }
}

/** The hosts as written, those of ?host= before those of the authority, as pg and libpq have it; null where they cannot be read. */
const namedIn = ({ authority, parameters }: Parts): readonly Named[] | null => {
  const inAuthority = authority.split(',').map((text) => HOST_AND_PORT.exec(text))
  if (inAuthority.includes(null)) return null
  const [hostsGiven, portsGiven] = [last(parameters, 'host'), last(parameters, 'port')]
  if ([authority, hostsGiven ?? '', portsGiven ?? ''].some((text) => decoded(text) === null)) return null
  const hosts =
    hostsGiven === null
      ? inAuthority.map((found) => found?.[1] ?? '')
      : (decoded(hostsGiven) ?? '').split(',')
  const ports =
    portsGiven === null
      ? inAuthority.map((found) => found?.[2] ?? '')
      : (decoded(portsGiven) ?? '').split(',')
  if (ports.length !== 1 && ports.length !== hosts.length) return null
  // One port in the parameters is that of all hosts; in the authority each host has its own.
  const isShared = ports.length === 1 && (portsGiven !== null || hosts.length === 1)
  return hosts.map((host, at) => ({ host, port: (isShared ? ports[0] : ports[at]) ?? '' }))
}

const portOf = (text: string): number => (text === '' ? DEFAULT_PORT : Number(text))

const isSocketFolder = (host: string): boolean => host.startsWith('/')

/** Those parameters that a URL of one host keeps. What a session must be is asked by us, after it was opened. */
const keptOf = (parameters: Parameters): Parameters =>
  parameters.filter(
    ([name]) => !['host', 'port', 'target_session_attrs', 'load_balance_hosts'].includes(name),
  )

const urlOf = (parts: Parts, { host, port }: Named): string => {
  const inQuery = isSocketFolder(host)
    ? [['host', encodeURIComponent(host)] as const, ['port', String(portOf(port))] as const]
    : []
  const query = [...keptOf(parts.parameters), ...inQuery].map(([name, text]) => `${name}=${text}`).join('&')
  const authority = isSocketFolder(host) ? '' : `${host}${port === '' ? '' : `:${port}`}`
  return `${parts.scheme}${parts.login}${authority}${parts.database}${query === '' ? '' : `?${query}`}`
}

const hostOf = (parts: Parts, named: Named): Host => {
  const host = (decoded(named.host) ?? '').replace(/^\[(.+)\]$/, '$1')
  const port = portOf(named.port)
  const shown = host.includes(':') ? `[${host}]` : host
  return { name: `${shown}:${port}`, host, port, url: urlOf(parts, named) }
}

/**
 * The machines of a URL as libpq writes them, postgresql://user:password@one:5432,two:5432/database, each with a URL of
 * its own. A URL of one machine is left as it is.
 */
export const hostsOf = (url: string): readonly Host[] => {
  const parts = partsOf(url)
  const named = parts === null ? null : namedIn(parts)
  const [only] = named ?? []
  if (parts === null || named === null || only === undefined)
    return [{ name: 'the database', host: '', port: DEFAULT_PORT, url }]
  return named.length === 1 ? [{ ...hostOf(parts, only), url }] : named.map((one) => hostOf(parts, one))
}

type Wrong = { readonly wrong: string; readonly fix: string }

const EXAMPLE = 'postgresql://user:password@one:5432,two:5432/database'

/** What is wrong with the hosts of a URL; null where nothing is. */
export const wrongHosts = (url: string): Wrong | null => {
  const parts = partsOf(url)
  const named = parts === null ? null : namedIn(parts)
  if (parts === null || named === null)
    return { wrong: 'names hosts and ports that cannot be read', fix: `Write it like ${EXAMPLE}.` }
  if (named.length > 1 && named.some(({ host }) => host === ''))
    return { wrong: 'has an empty place in its list of hosts', fix: `Write it like ${EXAMPLE}.` }
  if (named.some(({ port }) => portOf(port) < 1 || portOf(port) > 65_535))
    return { wrong: 'names a port that there is not', fix: 'Write ports from 1 to 65535.' }
  const wanted = last(parts.parameters, 'target_session_attrs')
  return wanted === null || ATTRIBUTES_OF_A_PRIMARY.includes(wanted)
    ? null
    : {
        wrong: `asks for sessions that are ${wanted}, and Evenkeel works on the primary only`,
        fix: 'Write target_session_attrs=read-write, or leave it out.',
      }
}
