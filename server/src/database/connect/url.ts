/** The same server and database for another login. What else the URL says (hosts, TLS) stays. */
export const withLogin = (url: string, user: string, password: string): string =>
  url.replace(
    /^(postgres(?:ql)?:\/\/)(?:[^@/?]*@)?/,
    `$1${encodeURIComponent(user)}:${encodeURIComponent(password)}@`,
  )

/** The same server and login for another database. */
export const withDatabase = (url: string, database: string): string =>
  url.replace(/^(postgres(?:ql)?:\/\/[^/?]*)(?:\/[^?]*)?/, `$1/${encodeURIComponent(database)}`)

/** For messages: no password. */
export const showUrl = (url: string): string => url.replace(/^(postgres(?:ql)?:\/\/[^:@/?]*):[^@/?]*@/, '$1@')

/** Without an application_name of its own, which would win over the one that other releases read. */
export const withoutSessionName = (url: string): string =>
  url.replace(/([?&])application_name=[^&]*(?:&|$)/, '$1').replace(/[?&]$/, '')
