import { AMOUNT_OUTCOMES } from './amounts.ts'
import type { TestCard } from './behaviour.ts'
import { TEST_CARD_CHAPTERS } from './cards.ts'
import { QUIET } from './knobs.ts'
import { COST_FIXED_MINOR, COST_PER_THOUSAND } from './limits.ts'
import { PAYOUT_DESTINATIONS } from './work.ts'

const INTRODUCTION = `# Test values

What a sandbox's card acquirer does, by card number. The numbers, and the names of test payment methods and tokens, are the ones that
Stripe publishes, with the outcomes that it documents; the last chapter of cards is our own. Any other number is refused, even if it is
a real card's: it is neither stored nor logged. Take any month and year to come, and any CVC of three digits (four for American
Express).

Where a name stands, \`pm_card_\` before it makes a payment method (\`pm_card_visa\`) and \`tok_\` a token (\`tok_visa\`).

Times are the sandbox's: disputes and warnings come a second after the capture, what becomes of a refund or a pending payment after
two. Move the clock to have them at once.

Generated from the code; do not edit.
`

const shownNumber = (number: string): string => number.replaceAll(/(\d{4})(?=\d)/g, '$1 ')

const details = ({ brand, funding, country }: TestCard): string =>
  [brand, ...(funding === 'credit' ? [] : [funding]), country].join(', ')

const chapter = ([title, cards]: readonly [string, readonly TestCard[]]): string =>
  [
    `## ${title}\n`,
    '| number | names | card | what happens |',
    '|---|---|---|---|',
    ...cards.map((card) => {
      const names = card.names.map((name) => `\`${name}\``).join(' ')
      return `| ${shownNumber(card.number)} | ${names} | ${details(card)} | ${card.about} |`
    }),
    '',
  ].join('\n')

const INVALID = `## Data that is refused

| what | code |
|---|---|
| a number whose check digit is wrong, such as 4242 4242 4242 4241 | \`incorrect_number\` |
| letters, or fewer than 12 or more than 19 digits | \`invalid_number\` |
| a card that is no test card | \`card_declined\`, decline code \`test_mode_live_card\` |
| a month such as 13, or one that is over | \`invalid_expiry_month\` |
| a year that is over, or more than 50 years ahead | \`invalid_expiry_year\` |
| a CVC of two digits | \`invalid_cvc\` |
`

const EVIDENCE = `## Evidence

Submit one of these words in the evidence of a dispute, for example as \`uncategorized_text\`:

| evidence | what happens |
|---|---|
| \`winning_evidence\` | the dispute is won; an inquiry is closed |
| \`losing_evidence\` | the dispute is lost; an inquiry is closed |
| \`escalate_inquiry_evidence\` | an inquiry becomes a dispute |
| anything else, or nothing | lost when the time for evidence is over, nine days after the dispute came; an inquiry is closed |
`

const AUTHENTICATION = `## 3D Secure without a browser

The address in \`next_action.redirect_to_url\` leads to the sandbox's page, with the buttons Complete and Fail. A test can do the
same with the id at the end of that address: \`POST /v1/test_helpers/authentications/{id}/complete\`, or \`/fail\`.
`

const amounts = (): string =>
  [
    '## Amounts\n',
    'With the knob `amount_outcomes`, and not without it, the last four digits of an amount in minor units choose what happens',
    'to a payment whose card succeeds:\n',
    '| amount ends in | what happens |',
    '|---|---|',
    ...Object.entries(AMOUNT_OUTCOMES).map(([digits, { about }]) => `| ${digits} | ${about} |`),
    '',
  ].join('\n')

const KNOB_WORDS: Readonly<Record<keyof typeof QUIET, string>> = {
  latency_ms: 'milliseconds before each answer',
  unknown_rate: 'of 1,000 orders, how many are not answered; half of them are done, the others never arrive',
  decline_rate: 'of 1,000 authorisations, how many are declined (`do_not_honor`) though they would succeed',
  refuse_rate:
    'of 1,000 authorisations, how many the rail refuses itself before anything is sent to the issuer (`processing_error`): another rail may be tried. Never one that came before',
  double_post_rate: 'of 1,000 captures, how many stand twice in their settlement: the card was debited twice',
  lose_answers: 'every order is done, and none is answered',
  duplicate_notifications: 'each notification comes twice',
  settle_wrong: 'the first line of each settlement is one minor unit too small',
  amount_outcomes: 'amounts choose what happens, as above',
}

const knobs = (): string =>
  [
    '## Knobs\n',
    'A sandbox has two card rails, `sandbox-card` and `sandbox-express`. Every card, payment method and token here works at both and',
    'does the same; an order, its disputes, its notifications and its settlement belong to the rail that got it. Payments take the',
    'first, unless [routing](routing.md) says otherwise. Each rail has knobs of its own:',
    '`POST /v1/test_helpers/rails/{rail}` makes it slow, silent or wrong; `GET` shows how it is set.\n',
    '| knob | at first | what it does |',
    '|---|---|---|',
    ...Object.entries(KNOB_WORDS).map(
      ([knob, words]) => `| \`${knob}\` | ${String(QUIET[knob as keyof typeof QUIET])} | ${words} |`,
    ),
    '',
  ].join('\n')

const payouts = (): string =>
  [
    '## Payouts and settlements\n',
    '| destination | what happens |',
    '|---|---|',
    ...Object.entries(PAYOUT_DESTINATIONS).map(([name, about]) => `| \`${name}\` | ${about} |`),
    '| any other | declined |',
    '',
    'Each day is settled in each currency at midnight of the sandbox’s time zone: captures, less refunds and chargebacks, less',
    `the acquirer's cost, which is ${Number(COST_PER_THOUSAND) / 10} % of each capture, rounded down, and ${COST_FIXED_MINOR} minor units.`,
    'Each rail settles what it took itself. `GET /v1/test_helpers/settlements/{id}` shows one, with its file.',
    '',
  ].join('\n')

const renderTestValues = (): string =>
  [
    INTRODUCTION,
    ...Object.entries(TEST_CARD_CHAPTERS).map(chapter),
    INVALID,
    EVIDENCE,
    AUTHENTICATION,
    amounts(),
    knobs(),
    payouts(),
  ].join('\n')

export const generated = [{ path: 'docs/guides/test-values.md', content: renderTestValues }]
