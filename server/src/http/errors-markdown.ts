import type { Reason, Reasons } from '../kit/index.ts'
import { statusOfKind } from './statuses.ts'

/** Reasons by the area they belong to, in the order of the page. */
export type ErrorTables = Readonly<Record<string, Reasons>>

const INTRODUCTION = `# Errors

Every error has Stripe's envelope: \`{"error": {"type", "code", "message", "param", "doc_url"}}\`. Programs decide by \`code\`;
\`message\` is for people and may change. Reasons of one area stand in order of precedence: the first that applies is given.

| status | what it means | send it again? |
|---|---|---|
| 400, 404 | refused; nothing was done | not unchanged |
| 402 | the card, or whoever issued it, says no | with another card, or after what the error says |
| 401, 403 | the key is missing, unknown or may not do this | with another key |
| 409 | a request with the same Idempotency-Key is still running | yes, with the same key, after Retry-After |
| 429 | too much at once; nothing was done | yes, with the same key, after Retry-After |
| 500 | a bug of ours, with a number to ask by | yes, with the same key |
| 503 | something we need is away, or the outcome is not known yet | yes, with the same key, after Retry-After |

Generated from the code; do not edit.
`

/** The door's own reasons carry a status where HTTP has one for them. */
export const statusOfReason = (reason: Reason & { readonly status?: number }): number =>
  reason.status ?? statusOfKind[reason.kind]

const section = (area: string, reasons: Reasons): string => {
  const entries = Object.entries(reasons).map(([code, reason]) => {
    const about = reason.param === undefined ? '' : ` · param \`${reason.param}\``
    return `### ${code}\n\n${statusOfReason(reason)}${about} · ${reason.message}\n`
  })
  return `## ${area}\n\n${entries.join('\n')}`
}

/** The page that doc_url points to, one heading for each code. */
export const renderErrorsMarkdown = (tables: ErrorTables): string =>
  [INTRODUCTION, ...Object.entries(tables).map(([area, reasons]) => section(area, reasons))].join('\n')
