// `npm run demo:launch`: plays the story of a launch against the server that is running on this machine.

import { EvenkeelError } from '@evenkeel/sdk'
import { playStory, type Tell } from './story.ts'
import { makeWorld } from './world.ts'

const BOARD_FILE = 'board.html'
const STEP_WIDTH = 12

const isJson = process.argv.includes('--json')
const baseUrl = process.env['EVENKEEL_URL'] ?? 'http://127.0.0.1:8484'
const startedMs = performance.now()

const tell: Tell = (step, sentence, facts) => {
  if (isJson) process.stdout.write(`${JSON.stringify({ step, ...facts })}\n`)
  else {
    const seconds = ((performance.now() - startedMs) / 1_000).toFixed(1).padStart(6)
    process.stdout.write(`${seconds} s  ${step.padEnd(STEP_WIDTH)}  ${sentence}\n`)
  }
}

try {
  const world = await makeWorld(baseUrl, 'launch')
  tell('sandbox', `The story is played in the sandbox "${world.sandbox}".`, { sandbox: world.sandbox })
  await playStory(world, tell, BOARD_FILE)
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  if (error instanceof EvenkeelError && error.type === 'connection_error')
    process.stderr.write(`Is a server running at ${baseUrl}? Start one with: npm start\n`)
  process.exitCode = 1
}
