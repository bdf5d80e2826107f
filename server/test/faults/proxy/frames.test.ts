import assert from 'node:assert/strict'
import { test } from 'node:test'
import { boundStatement, completedCommand, createFramer, type Frame, isSync } from './frames.ts'

const message = (type: string, body: string): Buffer => {
  const head = Buffer.alloc(5)
  head.write(type)
  head.writeInt32BE(4 + Buffer.byteLength(body), 1)
  return Buffer.concat([head, Buffer.from(body)])
}

const startup = (): Buffer => {
  const bytes = Buffer.alloc(20)
  bytes.writeInt32BE(20)
  return bytes
}

const stream = Buffer.concat([
  startup(),
  message('P', 'commit\0commit\0\0\0'),
  message('B', '\0commit\0\0\0\0\0\0\0'),
  message('D', 'P\0'),
  message('S', ''),
])

test('messages are found however the stream is cut into pieces', () => {
  for (let size = 1; size <= stream.length; size++) {
    const framer = createFramer({ startup: true })
    const frames: Frame[] = []
    for (let from = 0; from < stream.length; from += size) {
      frames.push(...framer(stream.subarray(from, from + size)))
    }
    assert.deepEqual(
      frames.map(({ type }) => type),
      ['', 'P', 'B', 'D', 'S'],
    )
    assert.deepEqual(Buffer.concat(frames.map(({ bytes }) => bytes)), stream)
  }
})

test('a Bind tells its statement, a CommandComplete its tag, and only a Sync is one', () => {
  const frames = createFramer({ startup: true })(stream)
  assert.deepEqual(frames.map(boundStatement), [null, null, 'commit', null, null])
  assert.deepEqual(frames.map(isSync), [false, false, false, false, true])
  const [complete, other] = createFramer({ startup: false })(
    Buffer.concat([message('C', 'COMMIT\0'), message('Z', 'I')]),
  )
  assert.equal(complete && completedCommand(complete), 'COMMIT')
  assert.equal(other && completedCommand(other), null)
})
