import type { Address, Customer, Metadata, Shipping } from './model.ts'

/** What a request says about a customer, in the wire's names. What was not sent stays as it was. */
export type CustomerData = {
  readonly address?: AddressData | ''
  readonly description?: string
  readonly email?: string
  readonly name?: string
  readonly phone?: string
  readonly preferred_locales?: readonly string[]
  readonly shipping?: { readonly address: AddressData; readonly name: string; readonly phone?: string } | ''
  readonly tax_exempt?: 'none' | 'exempt' | 'reverse' | ''
}

export type AddressData = { readonly [Part in keyof Address]?: string }

/** An empty text takes away what was there. */
export const orNull = (text: string | undefined): string | null =>
  text === undefined || text === '' ? null : text

const sentOr = (sent: string | undefined, before: string | null): string | null =>
  sent === undefined ? before : orNull(sent)

export const readAddress = (data: AddressData): Address => ({
  city: orNull(data.city),
  country: orNull(data.country),
  line1: orNull(data.line1),
  line2: orNull(data.line2),
  postal_code: orNull(data.postal_code),
  state: orNull(data.state),
})

const addressAfter = (before: Address | null, sent: AddressData | '' | undefined): Address | null => {
  if (sent === undefined) return before
  return sent === '' ? null : readAddress(sent)
}

const shippingAfter = (before: Shipping | null, sent: CustomerData['shipping']): Shipping | null => {
  if (sent === undefined) return before
  if (sent === '') return null
  return { address: readAddress(sent.address), name: sent.name, phone: orNull(sent.phone) }
}

/** The customer with what was sent in place of what was there. */
export const changeCustomer = (before: Customer, data: CustomerData, metadata: Metadata): Customer => ({
  ...before,
  address: addressAfter(before.address, data.address),
  description: sentOr(data.description, before.description),
  email: sentOr(data.email, before.email),
  metadata,
  name: sentOr(data.name, before.name),
  phone: sentOr(data.phone, before.phone),
  preferredLocales: data.preferred_locales ?? before.preferredLocales,
  shipping: shippingAfter(before.shipping, data.shipping),
  taxExempt: data.tax_exempt === undefined ? before.taxExempt : data.tax_exempt || 'none',
})

/** A customer of whom nothing is known yet. */
export const emptyCustomer = (id: Customer['id'], createdMicros: Customer['createdMicros']): Customer => ({
  id,
  createdMicros,
  deleted: false,
  address: null,
  description: null,
  email: null,
  metadata: {},
  name: null,
  phone: null,
  preferredLocales: [],
  shipping: null,
  taxExempt: 'none',
  defaultPaymentMethod: null,
  defaultSource: null,
  testClock: null,
})

/** What stays of a customer that is deleted. */
export const deletedCustomer = ({ id, createdMicros, testClock }: Customer): Customer => ({
  ...emptyCustomer(id, createdMicros),
  deleted: true,
  testClock,
})

const EMAIL = /^[^\s@,;<>()]+@[^\s@,;<>()]+\.[^\s@,;<>().]+$/

export const isEmail = (text: string): boolean => EMAIL.test(text)
