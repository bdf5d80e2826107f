// A restore in a process of its own, which a test kills half-way. It prints each step that it begins.

import { restore } from '../../../src/backup/index.ts'

const [folder = '', cluster = '', to = ''] = process.argv.slice(2)
const quiet = (): void => undefined
let step = ''

await restore({
  folder,
  cluster,
  to: to === '' ? null : to,
  backup: null,
  dead: null,
  fingerprints: ['00'],
  now: Date.now,
  log: { info: quiet, warn: quiet },
  signal: new AbortController().signal,
  onProgress: (progress) => {
    if (progress.step === step) return
    step = progress.step
    process.stdout.write(`${step}\n`)
  },
})
