import type { Profile } from './profile.ts'

/** Names of the columns that a profile takes something from, each with the key that names it. */
const namedColumns = (profile: Profile): readonly (readonly [string, string])[] => {
  const { account, date, valueDate, balance, category, externalId, amount } = profile.columns
  const optional = (key: string, column: string | null): readonly (readonly [string, string])[] =>
    column === null ? [] : [[key, column]]
  const amounts: readonly (readonly [string, string])[] =
    amount.kind === 'two_columns'
      ? [
          ['columns.credit', amount.credit],
          ['columns.debit', amount.debit],
        ]
      : [
          ['columns.amount', amount.amount],
          ...(amount.kind === 'direction' ? optional('columns.direction', amount.direction) : []),
        ]
  return [
    ['columns.account', account],
    ['columns.date', date],
    ...amounts,
    ['columns.balance', balance],
    ...optional('columns.value_date', valueDate),
    ...optional('columns.category', category),
    ...optional('columns.external_id', externalId),
    ...profile.rules.flatMap((rule, index) =>
      rule.when.map(({ column }) => [`rules[${index}].when`, column] as const),
    ),
    ...profile.metadata.map(({ key, column }) => [`metadata.${key}`, column] as const),
  ]
}

/** What keeps a file with this header from being read with this profile: one sentence per key, none when it fits. */
export const headerProblems = (profile: Profile, header: readonly string[]): readonly string[] => {
  const problems: string[] = []
  const names = header.map((name) => name.trim())
  for (const [key, column] of namedColumns(profile)) {
    const found = names.filter((name) => name === column).length
    if (found === 0) {
      problems.push(
        `${key} names the column "${column}", which the file does not have; it has ${names.join(', ')}`,
      )
    } else if (found > 1)
      problems.push(`${key} names the column "${column}", which the file has ${found} times`)
  }
  return problems
}
