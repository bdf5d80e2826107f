import type { BoardFigures } from './figures.ts'
import { PERSON_SHOWN, REASON_SHOWN, WAIVERS_SHOWN } from './limits.ts'
import { clip, html, type Markup, NOTHING } from './markup.ts'
import { dateOf, many } from './words.ts'

type Line = BoardFigures['signatures'][number]

const ROLES: Readonly<Record<string, string>> = { business: 'Business', technology: 'Technology' }

type Marks = { readonly is_new_person: boolean; readonly is_contributor: boolean }

/** Who was made a person within the day before, or signed what he wrote himself. */
const newcomer = ({ is_new_person }: Marks): Markup =>
  is_new_person ? html` <span class="warn">person younger than 24 h</span>` : NOTHING
const writer = ({ is_contributor }: Marks): Markup =>
  is_contributor ? html` <span class="quiet">(wrote part of it)</span>` : NOTHING

const STATES: Readonly<Record<string, Markup>> = {
  valid: html`<span class="good">Signed</span>`,
  expired: html`<span class="bad">EXPIRED</span>`,
  void: html`<span class="bad">VOID, the content was changed</span>`,
  missing: html`<span class="bad">NOT SIGNED</span>`,
}

const line = ({ role, state, signed }: Line, zone: string): Markup => {
  const until = state === 'expired' ? 'expired' : 'to'
  const by =
    signed === null
      ? NOTHING
      : html`${newcomer(signed)} ${clip(signed.name, PERSON_SHOWN)}${writer(signed)}, ${dateOf(signed.at, zone)} ${until} ${dateOf(signed.expires_at, zone)}, entry ${signed.position}`
  return html`<tr><td class="role">${ROLES[role] ?? role}</td><td><span class="clamp3">${STATES[state] ?? NOTHING}${by}</span></td></tr>`
}

const WAIVED: Readonly<Record<string, string>> = { in_force: 'in force', unsigned: 'not signed by both' }

const waiver = (one: BoardFigures['waivers'][number], zone: string): Markup => {
  const who = one.signatures
    .map(
      ({ name, is_new_person }) =>
        `${clip(name, PERSON_SHOWN)}${is_new_person ? ' (younger than 24 h)' : ''}`,
    )
    .join(' and ')
  return html`<li class="roomy"><span class="warn">${one.gate.replaceAll('_', ' ')}</span>, ${WAIVED[one.state] ?? one.state} until ${dateOf(one.expires_at, zone)}${who === '' ? '' : ` by ${who}`}: ${clip(one.reason, REASON_SHOWN)}</li>`
}

const waivers = ({ waivers: all, time_zone: zone }: BoardFigures): Markup => {
  const rest = all.length - WAIVERS_SHOWN
  if (all.length === 0) return html`<p class="small">No gate is waived.</p>`
  return html`<ul class="small">${all.slice(0, WAIVERS_SHOWN).map((one) => waiver(one, zone))}</ul>${
    rest > 0 ? html`<p class="bad small">And ${many(rest, 'more waiver')}.</p>` : NOTHING
  }`
}

/** Who stands for it, over which content, and what was passed over. */
export const people = (board: BoardFigures): Markup =>
  html`<div><h2>Signatures</h2><table class="small">${board.signatures.map((each) => line(each, board.time_zone))}</table><h2 style="margin-top:2mm">Waivers <span>${board.waivers.length === 0 ? '' : many(board.waivers.length, 'open one', 'open ones')}</span></h2>${waivers(board)}</div>`
