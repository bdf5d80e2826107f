import type { Commit, Decision, Outcome, Unit } from '../database/index.ts'
import type { Reply } from '../kit/index.ts'
import { type DataKey, type Place, sealWith, type Vault } from '../vault/index.ts'

/** A payment's or a set-up's own secret, which its customer is given, as it stands in an answer. */
const CLIENT_SECRET = '_secret_'

type Claimed = Pick<Unit<unknown>, 'tenant' | 'claim'>

const placeOf = ({ claim }: Claimed): Place => ({
  table: 'idempotency_answers',
  column: 'body',
  row: `${claim?.scope ?? ''} ${claim?.key ?? ''}`,
})

const sealed = (unit: Claimed, key: DataKey, reply: Reply | null): Reply | null => {
  if (reply === null || reply.sealed !== undefined || !reply.body.includes(CLIENT_SECRET)) return reply
  const body = sealWith(key, unit.tenant, placeOf(unit), Buffer.from(reply.body))
  return { ...reply, sealed: body.toString('base64') }
}

const opened = async <Answer>(
  vault: Vault,
  unit: Claimed,
  outcome: Outcome<Answer>,
): Promise<Outcome<Answer>> => {
  if (outcome.kind !== 'replayed') return outcome
  const { body, isSealed = false, ...stored } = outcome.reply
  if (body === null || !isSealed) return outcome
  const plain = await vault.open(unit.tenant, placeOf(unit), Buffer.from(body, 'base64'))
  return { kind: 'replayed', reply: { ...stored, body: plain.toString('utf8') } }
}

/**
 * A commit whose answers are stored sealed where they tell a secret of a customer's: the first caller gets it as ever, and
 * so does whoever repeats the request, but no copy of the database does.
 */
export const sealAnswers = (commit: Commit, vault: Vault, isOn: boolean): Commit => ({
  waiting: () => commit.waiting(),
  observe: (observer) => commit.observe(observer),
  drain: () => commit.drain(),
  submit: async <Answer>(unit: Unit<Answer>): Promise<Outcome<Answer>> => {
    if (unit.claim === null) return commit.submit(unit)
    const key = isOn ? await vault.dataKey(unit.tenant) : null
    const decide: Unit<Answer>['decide'] = (draft): Decision<Answer> => {
      const decision = unit.decide(draft)
      if (decision.kind !== 'answer' || key === null) return decision
      return { ...decision, reply: sealed(unit, key, decision.reply) }
    }
    return opened(vault, unit, await commit.submit({ ...unit, decide }))
  },
})
