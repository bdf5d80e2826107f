/** What can be said for a charge, field by field, as Stripe names them. Files are not taken. */
export const EVIDENCE_TEXTS = [
  'access_activity_log',
  'billing_address',
  'cancellation_policy_disclosure',
  'cancellation_rebuttal',
  'customer_email_address',
  'customer_name',
  'customer_purchase_ip',
  'duplicate_charge_explanation',
  'duplicate_charge_id',
  'product_description',
  'refund_policy_disclosure',
  'refund_refusal_explanation',
  'service_date',
  'shipping_address',
  'shipping_carrier',
  'shipping_date',
  'shipping_tracking_number',
  'uncategorized_text',
] as const

export type EvidenceText = (typeof EVIDENCE_TEXTS)[number]

/** Shown, and always empty. */
const EVIDENCE_FILES = [
  'cancellation_policy',
  'customer_communication',
  'customer_signature',
  'duplicate_charge_documentation',
  'receipt',
  'refund_policy',
  'service_documentation',
  'shipping_documentation',
  'uncategorized_file',
] as const

export type Evidence = Readonly<Record<string, string>>

type ShownEvidence = Readonly<Record<EvidenceText, string | null>> &
  Readonly<Record<(typeof EVIDENCE_FILES)[number], null>> & {
    readonly enhanced_evidence: Record<never, never>
  }

export const showEvidence = (evidence: Evidence): ShownEvidence =>
  ({
    ...Object.fromEntries(EVIDENCE_FILES.map((name) => [name, null])),
    ...Object.fromEntries(EVIDENCE_TEXTS.map((name) => [name, evidence[name] ?? null])),
    enhanced_evidence: {},
  }) as ShownEvidence

/** What stands after more was said; an empty text takes back what was said. */
export const withEvidence = (before: Evidence, sent: Evidence): Evidence =>
  Object.fromEntries(Object.entries({ ...before, ...sent }).filter(([, text]) => text !== ''))

export const weightOf = (evidence: Evidence): number =>
  Object.values(evidence).reduce((sum, text) => sum + text.length, 0)

/** All of it in one text, as a rail takes it. */
export const evidenceText = (evidence: Evidence): string =>
  EVIDENCE_TEXTS.flatMap((name) => (evidence[name] === undefined ? [] : [`${name}: ${evidence[name]}`])).join(
    '\n',
  )
