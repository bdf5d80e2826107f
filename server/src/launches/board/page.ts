import { isDense } from './density.ts'
import type { BoardFigures } from './figures.ts'
import { DESCRIPTION_SHOWN, NAME_SHOWN, OWNER_SHOWN } from './limits.ts'
import { clip, html, Markup } from './markup.ts'
import { ask, figures, risks } from './page-money.ts'
import { people } from './page-people.ts'
import { detection, platform, stages } from './page-stages.ts'
import { story } from './page-story.ts'
import { STYLE } from './style.ts'
import { momentOf } from './words.ts'

const STATE_CLASSES: Readonly<Record<string, string>> = {
  running: 'good',
  completed: 'good',
  held: 'warn',
  rolling_back: 'bad',
  rolled_back: 'bad',
}

const header = (board: BoardFigures): Markup =>
  html`<header><div class="top"><span><b>Launch</b> · owned by ${clip(board.owner_name ?? board.owner, OWNER_SHOWN)} · ${board.livemode ? 'live money' : 'sandbox, no real money'}</span><span class="state ${STATE_CLASSES[board.status] ?? 'quiet'}">${board.status.replaceAll('_', ' ')}</span></div><h1 class="clamp2">${clip(board.name, NAME_SHOWN)}</h1><p class="clamp2">${clip(board.description, DESCRIPTION_SHOWN)}</p></header>`

const footer = (board: BoardFigures): Markup => {
  const assumed = [...board.waiting.assumptions, ...(board.dates?.assumptions ?? [])].join(' ')
  return html`<footer><p>${assumed}</p><p>Made from the record ${board.launch} at ${momentOf(board.generated_at, board.time_zone)} (${board.time_zone}), content <code>${board.content_hash}</code>, at entry ${board.audit.position} of the audit log, <code>${board.audit.hash}</code>. Estimates are rounded to three digits.</p></footer>`
}

/** One printed page, A4 or letter: no script, nothing from outside, every word escaped. */
export const boardPage = (board: BoardFigures): string =>
  html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'"><title>${clip(board.name, NAME_SHOWN)}</title><style>${new Markup(STYLE)}</style></head><body class="${isDense(board) ? 'dense' : 'airy'}"><main>${header(board)}${ask(board)}${figures(board)}${risks(board)}${stages(board)}<section class="three">${[detection(board), platform(board), people(board)]}</section>${story(board)}${footer(board)}</main></body></html>
`.text
