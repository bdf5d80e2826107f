import { card, type TestCard } from './behaviour.ts'

/** Cards that succeed, by brand and by the issuer's country. */

const mastercard = { brand: 'mastercard' } as const
const amex = { brand: 'amex' } as const
const discover = { brand: 'discover' } as const
const diners = { brand: 'diners' } as const
const unionpay = { brand: 'unionpay', country: 'CN' } as const
const debit = { funding: 'debit' } as const
const unenrolled = { behaviour: { authentication: 'unenrolled' } } as const

const BRANDS: readonly TestCard[] = [
  card('visa', '4242424242424242', ['visa', 'us'], {
    ...unenrolled,
    about: 'Succeeds. Where 3D Secure is asked for, the card is not enrolled and nobody is asked.',
  }),
  card('visa_debit', '4000056655665556', 'visa_debit', debit),
  card('mastercard', '5555555555554444', 'mastercard', mastercard),
  card('mastercard_2_series', '2223003122003222', [], mastercard),
  card('mastercard_debit', '5200828282828210', 'mastercard_debit', { ...mastercard, ...debit }),
  card('mastercard_prepaid', '5105105105105100', 'mastercard_prepaid', {
    ...mastercard,
    funding: 'prepaid',
  }),
  card('amex', '378282246310005', ['amex', 'amex_threeDSecureNotSupported'], {
    ...amex,
    behaviour: { authentication: 'unsupported' },
    about: 'Succeeds. 3D Secure is not supported and not done, whoever asks for it.',
  }),
  card('amex_second', '371449635398431', [], amex),
  card('discover', '6011111111111117', 'discover', discover),
  card('discover_second', '6011000990139424', [], discover),
  card('discover_debit', '6011981111111113', [], { ...discover, ...debit }),
  card('diners', '3056930009020004', 'diners', diners),
  card('diners_14_digits', '36227206271667', [], diners),
  card('bccard_dinacard', '6555900000604105', [], { ...discover, country: 'KR' }),
  card('jcb', '3566002020360505', [], { brand: 'jcb', country: 'JP' }),
  card('jcb_second', '3530111333300000', 'jcb', { brand: 'jcb', country: 'JP' }),
  card('unionpay', '6200000000000005', 'unionpay', unionpay),
  card('unionpay_debit', '6200000000000047', [], { ...unionpay, ...debit }),
  card('unionpay_19_digits', '6205500000000000004', [], unionpay),
  card('cartes_bancaires_visa', '4000002500001001', 'visa_cartesBancaires', { country: 'FR' }),
  card('cartes_bancaires_mastercard', '5555552500001001', 'mastercard_cartesBancaires', {
    ...mastercard,
    country: 'FR',
  }),
  card('eftpos_visa', '4000050360000001', 'visa_debit_eftposAuCoBranded', { ...debit, country: 'AU' }),
  card('eftpos_mastercard', '5555050360000080', 'mastercard_debit_eftposAuCoBranded', {
    ...mastercard,
    ...debit,
    country: 'AU',
  }),
  card('visa_health', '4000051230000072', ['debit_visaFsaProductCode', 'debit_visaHsaProductCode'], debit),
  card('mastercard_health', '5200828282828897', 'mastercard_debit_mastercardFsaProductCode', {
    ...mastercard,
    ...debit,
  }),
  card('visa_long_known', '4012888888881881'),
  card('visa_other_gateways', '4111111111111111'),
  card('diners_long_known', '30569309025904', [], diners),
  card('diners_long_known_second', '38520000023237', [], diners),
]

/** The country, and the number of its Visa card; the name is the country in small letters. */
const VISA_BY_COUNTRY = {
  AR: '4000000320000021',
  BR: '4000000760000002',
  CA: '4000001240000000',
  CL: '4000001520000001',
  CO: '4000001700000003',
  CR: '4000001880000005',
  EC: '4000002180000000',
  MX: '4000004840008001',
  PA: '4000005910000000',
  PY: '4000006000000066',
  PE: '4000006040000068',
  UY: '4000008580000003',
  AE: '4000007840000001',
  AT: '4000000400000008',
  BE: '4000000560000004',
  BG: '4000001000000000',
  BY: '4000001120000005',
  HR: '4000001910000009',
  CY: '4000001960000008',
  CZ: '4000002030000002',
  DK: '4000002080000001',
  EE: '4000002330000009',
  FI: '4000002460000001',
  FR: '4000002500000003',
  DE: '4000002760000016',
  GI: '4000002920000005',
  GR: '4000003000000030',
  HU: '4000003480000005',
  IE: '4000003720000005',
  IT: '4000003800000008',
  LV: '4000004280000005',
  LI: '4000004380000004',
  LT: '4000004400000000',
  LU: '4000004420000006',
  MT: '4000004700000007',
  NL: '4000005280000002',
  NO: '4000005780000007',
  PL: '4000006160000005',
  PT: '4000006200000007',
  RO: '4000006420000001',
  SA: '4000006820000007',
  SI: '4000007050000006',
  SK: '4000007030000001',
  ES: '4000007240000007',
  SE: '4000007520000008',
  CH: '4000007560000009',
  GB: '4000008260000000',
  AU: '4000000360000006',
  CN: '4000001560000002',
  HK: '4000003440000004',
  IN: '4000003560000008',
  JP: '4000003920000003',
  MY: '4000004580000002',
  NZ: '4000005540000008',
  SG: '4000007020000003',
  TW: '4000001580000008',
} as const

const COUNTRIES: readonly TestCard[] = [
  ...Object.entries(VISA_BY_COUNTRY).map(([country, number]) =>
    card(`visa_${country.toLowerCase()}`, number, country.toLowerCase(), { country }),
  ),
  card('mastercard_ae', '5200007840000022', 'ae_mastercard', { ...mastercard, country: 'AE' }),
  card('visa_debit_gb', '4000058260000005', 'gb_debit', { ...debit, country: 'GB' }),
  card('mastercard_gb', '5555558265554449', 'gb_mastercard', { ...mastercard, country: 'GB' }),
  card('carnet_mx', '5062210000000009', [], { brand: 'unknown', country: 'MX' }),
  card('visa_th', '4000007640000003', 'th_credit', { country: 'TH' }),
  card('visa_debit_th', '4000057640000008', 'th_debit', { ...debit, country: 'TH' }),
]

export const SUCCEEDING_CARDS: readonly TestCard[] = [...BRANDS, ...COUNTRIES]
