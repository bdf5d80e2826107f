import { newUuid, type Uuid } from '../../../src/kit/index.ts'
import { openAccounts } from '../load/books.ts'
import { createRandom, type Random } from '../load/random.ts'
import { type Naming, transferIntent } from '../load/requests.ts'
import { openVolley, type Volley } from '../load/volley.ts'
import type { Journal } from '../oracle/journal.ts'
import type { Intent } from '../oracle/model.ts'
import type { Amount } from '../size.ts'
import type { Pair } from './pair.ts'
import { closeRound, newTally, openRound, type Say, type Tally } from './run.ts'

const AT_ONCE = 64
const AMOUNT = 100
const NAMINGS: readonly Naming[] = ['key', 'id', 'both', 'none']
const ACCOUNTS_AT_ONCE = 100

type Race = {
  readonly journal: Journal
  readonly volley: Volley
  readonly prefix: string
  readonly random: Random
  readonly bank: Uuid
}

/** Pays in what is enough for so many debits, in one sum. An account that never had any is in no entry at all. */
const payIn = async (
  { journal, volley, prefix, bank }: Race,
  account: Uuid,
  enoughFor: number,
): Promise<void> => {
  if (enoughFor === 0) return
  const wanted = { debit: bank, credit: account, amount: enoughFor * AMOUNT }
  const [outcome] = await volley.fire([transferIntent({ n: journal.next(), prefix, naming: 'id' }, wanted)])
  if (outcome?.class !== 'acknowledged') throw new Error(`nothing can be paid in: ${JSON.stringify(outcome)}`)
}

/** Debits and holds, which take from the same balance. */
const draw = ({ journal, prefix, random, bank }: Race, account: Uuid): Intent => {
  const flags = random.chance(0.4) ? ['pending'] : []
  const wanted = { debit: account, credit: bank, amount: AMOUNT, flags }
  const naming = random.pick(NAMINGS)
  return transferIntent({ n: journal.next(), prefix, naming }, wanted, ['exceeds_credits'])
}

/** 64 at once want money from an account that has enough for some of them: so many get it, and no other. */
const race = async (race: Race, account: Uuid): Promise<string | null> => {
  const enoughFor = race.random.chance(0.1) ? 0 : race.random.below(AT_ONCE)
  await payIn(race, account, enoughFor)
  const outcomes = await race.volley.fire(Array.from({ length: AT_ONCE }, () => draw(race, account)))
  const got = outcomes.filter((outcome) => outcome.class === 'acknowledged').length
  const refused = outcomes.filter((outcome) => outcome.class === 'refused').length
  if (got === enoughFor && refused === AT_ONCE - enoughFor) return null
  return `there was enough for ${enoughFor} of ${AT_ONCE}: ${got} got it and ${refused} were refused`
}

export const overdraw = async (pair: Pair, { rounds, perRound }: Amount, say: Say): Promise<Tally> => {
  const tally = newTally('overdraw race, 64 at once')
  const [first, second] = pair.servers
  for (let number = 1; number <= rounds; number++) {
    const prefix = `overdraw-${number}-`
    const round = openRound(pair.folder, prefix, pair.reading)
    const { journal } = round
    const volley = openVolley(journal, [first.place(), second.place()])
    const accounts = Array.from({ length: perRound }, () => newUuid(Date.now()))
    const bank = newUuid(Date.now())
    await openAccounts(first.place(), [{ id: bank, limited: false }])
    for (const [index, account] of accounts.entries()) {
      if (index % ACCOUNTS_AT_ONCE === 0) {
        const some = accounts.slice(index, index + ACCOUNTS_AT_ONCE)
        await openAccounts(
          first.place(),
          some.map((id) => ({ id, limited: true })),
        )
        say(`${tally.name}: ${tally.times} of ${rounds * perRound}`)
      }
      const problem = await race(
        { journal, volley, prefix, random: createRandom(number * perRound + index), bank },
        account,
      )
      if (problem !== null) tally.problems.push(problem)
      tally.times += 1
    }
    volley.close()
    await closeRound(tally, round, first.place())
  }
  return tally
}
