import { isIP } from 'node:net'
import { mayReach, type Reachable } from './addresses.ts'

export type UrlProblem = 'url_invalid' | 'url_not_allowed'

/** Why an endpoint may not have this URL; null when it may. Names are resolved only when something is sent. */
export const problemOfUrl = (text: string, reachable: Reachable, livemode: boolean): UrlProblem | null => {
  const url = URL.parse(text)
  if (url === null || !/^https?:\/\//i.test(text)) return 'url_invalid'
  if (url.protocol !== 'https:' && (livemode || url.protocol !== 'http:')) return 'url_invalid'
  if (url.username !== '' || url.password !== '' || url.hash !== '' || text.includes('#'))
    return 'url_invalid'
  const host = url.hostname.replace(/^\[|\]$/g, '')
  return isIP(host) !== 0 && !mayReach(host, reachable, livemode) ? 'url_not_allowed' : null
}
