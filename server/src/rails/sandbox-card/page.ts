import { createHash } from 'node:crypto'
import type { PageAnswer, PageRequest, PageRoute } from '../../http/index.ts'
import { currencyOf, formatMinor, isMoney } from '../../kit/index.ts'
import type { Authentication, Authentications } from './authentications.ts'
import { AUTHENTICATIONS_PATH } from './names.ts'

const STYLE = `
:root { color-scheme: light dark; --ink: #1c2733; --paper: #f4f6f8; --sheet: #fff; --line: #c9d2da; --act: #1f5f8b; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6ebf0; --paper: #12181e; --sheet: #1b232b; --line: #3a4652; --act: #8cc4ea; }
}
body { margin: 0; min-height: 100vh; display: grid; place-items: center; background: var(--paper); color: var(--ink);
  font: 1.0625rem/1.5 system-ui, sans-serif; }
main { width: min(26rem, 100vw - 3rem); background: var(--sheet); border: 1px solid var(--line); border-radius: .75rem;
  padding: 2rem; box-sizing: border-box; }
h1 { font-size: 1.375rem; margin: 0 0 .75rem; }
p { margin: 0 0 1rem; }
.amount { font-size: 1.75rem; font-variant-numeric: tabular-nums; }
.note { font-size: .9375rem; margin: 1.25rem 0 0; }
button { font: inherit; width: 100%; padding: .75rem; border-radius: .5rem; border: 2px solid var(--act);
  background: transparent; color: var(--act); cursor: pointer; margin-top: .75rem; }
button.first { background: var(--act); color: var(--sheet); }
button:focus-visible { outline: 3px solid currentColor; outline-offset: 3px; }
`

const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64')

/** Browsers hold the redirect after a form to form-action too, so it names where the customer goes back to. */
const policyOf = (returnUrl: URL | null): string =>
  [
    "default-src 'none'",
    `style-src 'sha256-${STYLE_HASH}'`,
    `form-action 'self'${returnUrl === null ? '' : ` ${returnUrl.origin}`}`,
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ')

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}
const escapeHtml = (text: string): string => text.replaceAll(/[&<>"']/g, (mark) => ENTITIES[mark] ?? mark)

const layout = (title: string, content: string): string =>
  `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${title}</h1>
${content}
</main>
</body>
</html>
`

const html = (status: number, title: string, content: string, returnUrl: URL | null): PageAnswer => ({
  kind: 'html',
  status,
  html: layout(title, content),
  policy: policyOf(returnUrl),
})

/** Where the customer goes back to; null for anything but an address of the web. */
const readReturnUrl = (text: string | undefined): URL | null => {
  if (text === undefined || !URL.canParse(text)) return null
  const url = new URL(text)
  return url.protocol === 'https:' || url.protocol === 'http:' ? url : null
}

const showAmount = ({ amount, currency }: Authentication): string => {
  const found = currencyOf(currency)
  return found !== null && isMoney(found)
    ? `${formatMinor(amount, found.exponent)} ${currency}`
    : `${amount} ${currency}`
}

const NOT_FOUND = html(
  404,
  'Nothing to confirm here',
  '<p>This page belongs to no payment. Go back to the shop and try again.</p>',
  null,
)

const ask = (found: Authentication, returnUrl: URL | null): PageAnswer =>
  html(
    200,
    'Confirm your payment',
    `<p>Your bank asks whether it is you who pays.</p>
${found.amount > 0n ? `<p class="amount">${escapeHtml(showAmount(found))}</p>` : '<p>Your card is being saved; nothing is charged.</p>'}
<form method="post" action="${AUTHENTICATIONS_PATH}/${escapeHtml(found.id)}">
${returnUrl === null ? '' : `<input type="hidden" name="return_url" value="${escapeHtml(returnUrl.href)}">`}
<button class="first" name="result" value="complete">Complete</button>
<button name="result" value="fail">Fail</button>
</form>
<p class="note">This is a sandbox. No bank is asked and no money moves.</p>`,
    returnUrl,
  )

const RESULT_WORDS = {
  open: 'It is not decided yet.',
  succeeded: 'You are authenticated.',
  failed: 'The authentication failed, and nothing was charged.',
} as const

const ended = ({ status }: Authentication): PageAnswer =>
  html(200, 'Your answer was recorded', `<p>${RESULT_WORDS[status]} You can close this page.</p>`, null)

/** As Stripe sends customers back: with what became of it. */
const sendBack = ({ status }: Authentication, returnUrl: URL): PageAnswer => {
  const back = new URL(returnUrl)
  back.searchParams.set('redirect_status', status === 'succeeded' ? 'succeeded' : 'failed')
  return { kind: 'redirect', location: back.href }
}

const show = async (
  authentications: Authentications,
  { params, query }: PageRequest,
): Promise<PageAnswer> => {
  const found = await authentications.find(params['id'] ?? '')
  if (found === null) return NOT_FOUND
  const returnUrl = readReturnUrl(query['return_url'])
  if (found.status === 'open') return ask(found, returnUrl)
  return returnUrl === null ? ended(found) : sendBack(found, returnUrl)
}

const answer = async (
  authentications: Authentications,
  { params, form }: PageRequest,
): Promise<PageAnswer> => {
  const result = form['result'] === 'complete' ? 'succeeded' : 'failed'
  const found = await authentications.resolve(params['id'] ?? '', result)
  if (found === null) return NOT_FOUND
  const returnUrl = readReturnUrl(form['return_url'])
  return returnUrl === null ? ended(found) : sendBack(found, returnUrl)
}

/** The page of the card's issuer. The id in its address is the right to answer. */
export const authenticationPages = (authentications: Authentications): readonly PageRoute[] => [
  {
    method: 'GET',
    path: `${AUTHENTICATIONS_PATH}/:id`,
    handle: (request) => show(authentications, request),
  },
  {
    method: 'POST',
    path: `${AUTHENTICATIONS_PATH}/:id`,
    handle: (request) => answer(authentications, request),
  },
]
