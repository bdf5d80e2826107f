import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { openJournal, readJournal } from './journal.ts'
import type { Intent, Outcome } from './model.ts'

test('a journal gives back each request with its answers, and what was never answered is unknown', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'evenkeel-journal-'))
  try {
    const journal = openJournal(join(folder, 'journal.jsonl'))
    const intend = (): Intent => {
      const n = journal.next()
      const intent: Intent = { n, path: '/', key: null, body: '{}', items: [], mayRefuse: [] }
      journal.intend(intent)
      return intent
    }
    const refused: Outcome = { class: 'refused', code: 'x', digest: 'd' }
    const [answered, silent, unsent] = [intend(), intend(), intend()]
    journal.send(answered.n)
    journal.send(silent.n)
    journal.answer(answered.n, refused)
    journal.close()
    const stories = await readJournal(journal.file)
    assert.deepEqual(
      stories.map(({ intent }) => intent),
      [answered, silent, unsent],
    )
    assert.deepEqual(stories[0]?.outcomes, [refused])
    assert.deepEqual(
      stories[1]?.outcomes.map((outcome) => outcome.class),
      ['unknown'],
    )
    assert.deepEqual(stories[2]?.outcomes, [])
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
