import { card, type DisputePlan, type TestCard } from './behaviour.ts'

/** Cards whose payments succeed, and then something happens; cards that authenticate; and those of our own. */

const dispute = (reason: string): readonly DisputePlan[] => [{ reason, isInquiry: false, part: 10 }]
const FRAUDULENT = dispute('fraudulent')
const NONCOMPLIANT = dispute('noncompliant')
const mastercard = { brand: 'mastercard' } as const

export const DISPUTED_CARDS: readonly TestCard[] = [
  card('disputed', '4000000000000259', 'createDispute', {
    behaviour: { disputes: FRAUDULENT },
    about: 'Succeeds, then disputed: fraudulent.',
  }),
  card('not_received', '4000000000002685', 'createDisputeProductNotReceived', {
    behaviour: { disputes: dispute('product_not_received') },
    about: 'Succeeds, then disputed: product_not_received.',
  }),
  card('inquiry', '4000000000001976', 'createDisputeInquiry', {
    behaviour: { disputes: [{ reason: 'fraudulent', isInquiry: true, part: 10 }] },
    about: 'Succeeds, then an inquiry.',
  }),
  card('early_fraud_warning', '4000000000005423', 'createIssuerFraudRecord', {
    behaviour: { earlyFraudWarning: 'made_with_stolen_card' },
    about: 'Succeeds, then an early fraud warning.',
  }),
  card('disputed_twice', '4000000404000079', 'createMultipleDisputes', {
    behaviour: {
      disputes: [
        { reason: 'fraudulent', isInquiry: false, part: 5 },
        { reason: 'product_not_received', isInquiry: false, part: 5 },
      ],
    },
    about: 'Succeeds, then disputed twice, half the amount each: fraudulent, product_not_received.',
  }),
  card('compelling_evidence', '4000000404000038', 'createCe3EligibleDispute', {
    behaviour: { disputes: FRAUDULENT },
    about: 'Succeeds, then disputed: fraudulent.',
  }),
  card('visa_compliance', '4000008400000779', 'createComplianceDispute', {
    behaviour: { disputes: NONCOMPLIANT },
    about: 'Succeeds, then disputed: noncompliant.',
  }),
  card('mastercard_compliance', '5105008400000002', 'createMastercardComplianceDispute', {
    ...mastercard,
    behaviour: { disputes: NONCOMPLIANT },
    about: 'Succeeds, then disputed: noncompliant.',
  }),
  card('smart_dispute', '4000000001000043', 'createAutoRepresentmentEligibleDispute', {
    behaviour: { disputes: FRAUDULENT },
    about: 'Succeeds, then disputed: fraudulent.',
  }),
  card('rapid_resolution', '4000000404004816', 'createRapidDisputeResolutionDispute', {
    behaviour: { disputes: FRAUDULENT },
    about: 'Succeeds, then disputed: fraudulent. Disputes are not prevented.',
  }),
  card('blocked_by_evidence', '4000000404005649', 'createCe3BlockDispute', {
    behaviour: { disputes: FRAUDULENT },
    about: 'Succeeds, then disputed: fraudulent. Disputes are not prevented.',
  }),
  card('ethoca_alert', '5105000300000018', 'createEthocaAlert', {
    ...mastercard,
    behaviour: { disputes: FRAUDULENT },
    about: 'Succeeds, then disputed: fraudulent. Disputes are not prevented.',
  }),
]

export const REFUND_CARDS: readonly TestCard[] = [
  card('refund_pending', '4000000000007726', 'pendingRefund', {
    behaviour: { refund: 'pending' },
    about: 'Succeeds. A refund is pending at first, and succeeds later.',
  }),
  card('refund_fails', '4000000000005126', 'refundFail', {
    behaviour: { refund: 'fails' },
    about: 'Succeeds. A refund succeeds at first, and fails later.',
  }),
  card('available_at_once', '4000000000000077', 'bypassPending', {
    behaviour: { availableAtOnce: true },
    about: 'Succeeds, and the money is available at once.',
  }),
  card('available_at_once_ie', '4000003720000278', 'bypassPendingInternational', {
    country: 'IE',
    behaviour: { availableAtOnce: true },
    about: 'Succeeds, and the money is available at once.',
  }),
  card('domestic_pricing', '4000000000000093', 'domesticPricing'),
]

const ALWAYS = { authentication: 'always' } as const
const always = (country = 'US') => ({
  country,
  behaviour: ALWAYS,
  about: 'Must be authenticated for every payment; declined without the customer.',
})

export const AUTHENTICATED_CARDS: readonly TestCard[] = [
  card('set_up_first', '4000002500003155', 'authenticationRequiredOnSetup', {
    country: 'FR',
    behaviour: { authentication: 'unless_set_up' },
    about:
      'Must be authenticated while the customer is there; without him only until the card was set up with him.',
  }),
  card('always_authenticate', '4000002760003184', 'authenticationRequired', always('DE')),
  card('already_set_up', '4000003800000446', 'authenticationRequiredSetupForOffSession', {
    country: 'IT',
    behaviour: { authentication: 'on_session' },
    about: 'Must be authenticated while the customer is there; succeeds without him.',
  }),
  card(
    'authenticate_then_insufficient_funds',
    '4000008260003178',
    'authenticationRequiredChargeDeclinedInsufficientFunds',
    {
      country: 'GB',
      behaviour: { authentication: 'on_session', decline: 'insufficient_funds', savesWell: true },
      about: 'Must be authenticated, and is then declined: card_declined, insufficient_funds.',
    },
  ),
  card('3ds_required', '4000000000003220', 'threeDSecure2Required', always('IE')),
  card('3ds_required_us', '4000008400000027', [], always()),
  card('3ds_required_long_known', '4000000000003063', 'threeDSecureRequired', always()),
  card('3ds_then_declined', '4000008400001629', 'threeDSecureRequiredChargeDeclined', {
    behaviour: { ...ALWAYS, decline: 'generic_decline' },
    about: 'Must be authenticated, and is then declined: card_declined, generic_decline.',
  }),
  card('3ds_error', '4000008400001280', 'threeDSecureRequiredProcessingError', {
    behaviour: { authentication: 'fails' },
    about: 'Must be authenticated, and the issuer’s page fails: card_declined, authentication_not_handled.',
  }),
  card('3ds_optional', '4000000000003055', 'threeDSecureOptional', {
    behaviour: { authentication: 'supported' },
    about: 'Succeeds. Authenticated only where 3D Secure is asked for.',
  }),
  card('3ds_optional_error', '4000000000003097', 'threeDSecureOptionalProcessingError', {
    behaviour: { authentication: 'supported_fails' },
    about:
      'Succeeds. Where 3D Secure is asked for, the issuer’s page fails: card_declined, authentication_not_handled.',
  }),
  card('3ds_frictionless', '4000000032200000', [], {
    behaviour: { authentication: 'frictionless' },
    about: 'Authenticated for every payment, without a question to the customer. Succeeds.',
  }),
  card('3ds_out_of_band', '4000582600000094', [], always('GB')),
  card('3ds_passcode', '4000582600000045', [], always('GB')),
  card('3ds_single_select', '4000582600000102', [], always('GB')),
  card('3ds_multi_select', '4000582600000110', [], always('GB')),
]

/** In no other sandbox: what goes wrong between two machines. */
export const OUR_CARDS: readonly TestCard[] = [
  card('answer_lost', '4000009900000012', 'answerLost', {
    behaviour: { answer: 'done' },
    about: 'Succeeds at the acquirer, and its answer is lost; asked again it says so.',
  }),
  card('order_lost', '4000009900000020', 'orderLost', {
    behaviour: { answer: 'never_arrived' },
    about:
      'The order never arrives and nobody answers; asked, the acquirer knows nothing of it. Sent again, it succeeds.',
  }),
  card('told_twice', '4000009900000038', 'toldTwice', {
    behaviour: { tellsTwice: true },
    about: 'Pending at first; the notification that it succeeded comes twice.',
  }),
  card('answer_lost_declined', '4000009900000046', 'answerLostDeclined', {
    behaviour: { answer: 'done', decline: 'generic_decline', savesWell: true },
    about: 'Declined at the acquirer, and its answer is lost; asked again it says so.',
  }),
]
