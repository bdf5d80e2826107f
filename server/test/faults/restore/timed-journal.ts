import { type Journal, openJournal, readJournal } from '../oracle/journal.ts'
import { isFinal, type Story } from '../oracle/model.ts'

/** When a request was sent first and when its outcome had arrived, in whole milliseconds of this machine’s clock, cut off. */
export type TimedStory = {
  readonly story: Story
  readonly sentMs: number | null
  readonly answeredMs: number | null
}

export type TimedJournal = Journal & { readonly timed: () => Promise<readonly TimedStory[]> }

/** A journal that also writes down when: what a moment divides is told by that. */
export const openTimedJournal = (file: string): TimedJournal => {
  const journal = openJournal(file)
  const sent = new Map<number, number>()
  const answered = new Map<number, number>()
  return {
    ...journal,
    send: (n) => {
      if (!sent.has(n)) sent.set(n, Date.now())
      journal.send(n)
    },
    answer: (n, outcome) => {
      journal.answer(n, outcome)
      if (isFinal(outcome) && !answered.has(n)) answered.set(n, Date.now())
    },
    timed: async () =>
      (await readJournal(file)).map((story) => ({
        story,
        sentMs: sent.get(story.intent.n) ?? null,
        answeredMs: answered.get(story.intent.n) ?? null,
      })),
  }
}
