import { card, type TestCard } from './behaviour.ts'

/** Cards that are declined, blocked, or whose checks fail. */

export const DECLINED_CARDS: readonly TestCard[] = [
  card('declined', '4000000000000002', ['visa_chargeDeclined', 'chargeDeclined'], {
    behaviour: { decline: 'generic_decline' },
    about: 'Declined: card_declined, generic_decline.',
  }),
  card(
    'insufficient_funds',
    '4000000000009995',
    [
      'visa_chargeDeclinedInsufficientFunds',
      'chargeDeclinedInsufficientFunds',
      'visa_debit_chargeDeclinedInsufficientFunds',
    ],
    {
      behaviour: { decline: 'insufficient_funds' },
      about: 'Declined: card_declined, insufficient_funds.',
    },
  ),
  card('lost', '4000000000009987', ['visa_chargeDeclinedLostCard', 'chargeDeclinedLostCard'], {
    behaviour: { decline: 'lost_card' },
    about: 'Declined: card_declined, lost_card.',
  }),
  card('stolen', '4000000000009979', ['visa_chargeDeclinedStolenCard', 'chargeDeclinedStolenCard'], {
    behaviour: { decline: 'stolen_card' },
    about: 'Declined: card_declined, stolen_card.',
  }),
  card('expired', '4000000000000069', ['chargeDeclinedExpiredCard', 'visa_chargeDeclinedExpiredCard'], {
    behaviour: { decline: 'expired_card' },
    about: 'Declined: expired_card.',
  }),
  card(
    'incorrect_cvc',
    '4000000000000127',
    ['chargeDeclinedIncorrectCvc', 'visa_chargeDeclinedIncorrectCvc'],
    {
      behaviour: { decline: 'incorrect_cvc', cvc: 'fail' },
      about: 'Declined: incorrect_cvc, if a CVC was given.',
    },
  ),
  card(
    'processing_error',
    '4000000000000119',
    ['chargeDeclinedProcessingError', 'visa_chargeDeclinedProcessingError'],
    { behaviour: { decline: 'processing_error' }, about: 'Declined: processing_error.' },
  ),
  card(
    'velocity',
    '4000000000006975',
    ['visa_chargeDeclinedVelocityLimitExceeded', 'chargeDeclinedVelocityLimitExceeded'],
    {
      behaviour: { decline: 'card_velocity_exceeded' },
      about: 'Declined: card_declined, card_velocity_exceeded.',
    },
  ),
  card('charge_fails', '4000000000000341', ['chargeCustomerFail', 'visa_chargeCustomerFail'], {
    behaviour: { decline: 'generic_decline', savesWell: true },
    about: 'Can be saved; payments are declined: card_declined, generic_decline.',
  }),
]

export const RISKY_CARDS: readonly TestCard[] = [
  card(
    'always_blocked',
    '4100000000000019',
    ['radarBlock', 'chargeDeclinedFraudulent', 'visa_chargeDeclinedFraudulent'],
    {
      behaviour: { risk: 'highest', isBlocked: true },
      about: 'Blocked, risk highest: card_declined, fraudulent.',
    },
  ),
  card('highest_risk', '4000000000004954', 'riskLevelHighest', {
    behaviour: { risk: 'highest', isBlocked: true },
    about: 'Blocked, risk highest: card_declined, fraudulent.',
  }),
  card('elevated_risk', '4000000000009235', 'riskLevelElevated', {
    behaviour: { risk: 'elevated' },
    about: 'Succeeds, risk elevated.',
  }),
  card('high_dispute_score', '4000008400000407', 'highFraudDisputeScore', {
    behaviour: { risk: 'elevated' },
    about: 'Succeeds, risk elevated.',
  }),
  card('high_warning_score', '4000008400000159', 'highEfwScore', {
    behaviour: { risk: 'elevated' },
    about: 'Succeeds, risk elevated.',
  }),
  card('dynamic_risk', '4000008400001017', 'radarDynamicRiskThreshold', {
    about: 'Succeeds: there are no dynamic thresholds.',
  }),
  card('adaptive_3ds', '4000008405600003', 'adaptive3dsChallenge', {
    behaviour: { authentication: 'supported' },
    about: 'Succeeds; 3D Secure where it is asked for.',
  }),
  card('cvc_fails', '4000000000000101', 'cvcCheckFail', {
    behaviour: { cvc: 'fail' },
    about: 'Succeeds; the check of the CVC fails, if one was given.',
  }),
  card('postal_code_fails', '4000000000000036', 'avsZipFail', {
    behaviour: { postalCode: 'fail' },
    about: 'Succeeds; the check of the postal code fails.',
  }),
  card('cvc_fails_elevated', '4000058400307872', 'cvcCheckFailElevatedRisk', {
    behaviour: { cvc: 'fail', risk: 'elevated' },
    about: 'Succeeds, risk elevated; the check of the CVC fails, if one was given.',
  }),
  card('postal_code_fails_elevated', '4000058400306072', 'avsZipFailElevatedRisk', {
    behaviour: { postalCode: 'fail', risk: 'elevated' },
    about: 'Succeeds, risk elevated; the check of the postal code fails.',
  }),
  card('line1_fails', '4000000000000028', 'avsLine1Fail', {
    behaviour: { line1: 'fail' },
    about: 'Succeeds; the check of the address line fails.',
  }),
  card('address_fails', '4000000000000010', 'avsFail', {
    behaviour: { line1: 'fail', postalCode: 'fail' },
    about: 'Succeeds; the checks of address line and postal code fail.',
  }),
  card('address_unavailable', '4000000000000044', 'avsUnchecked', {
    behaviour: { line1: 'unavailable', postalCode: 'unavailable' },
    about: 'Succeeds; the address cannot be checked.',
  }),
]
