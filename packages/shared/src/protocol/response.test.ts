import { expect, test } from 'vitest'
import { crc32 } from './crc32.ts'
import { decodeResponse, encodeResponse, type SyncResponse } from './response.ts'

const utf8 = new TextEncoder()
const body: SyncResponse = {
  ...{ version: 1, user: 'ann', nonce: 'q', now: 1, cut: new Map([['L', { seq: 3, hash: 'h' }]]), hlc: 3 },
  verdicts: [{ is: 'applied', dot: ['own', 1], at: { L: 3 }, conflicts: 0 }],
  deltas: [
    {
      ...{ space: 'L', from: 1, to: 3, whole: false },
      by: [
        ['own', 1, 3, 3],
        ['of bob', 1, 2, 2],
        ['of the server', 9, 2, 2],
      ],
      records: [{ r: ['todos', 't'], died: [0] }],
    },
  ],
  users: [
    ['of bob', 'bob'],
    ['of the server', ''],
  ],
}

test('the users stand beside the first sessions, whatever else the body speaks of; where there are none nothing is said', () => {
  const text = encodeResponse(body)
  expect(JSON.parse(text.split('\n')[0] ?? '')).toMatchObject({ S: ['of bob', 'of the server', 'own'], U: ['bob', ''] })
  expect(decodeResponse(utf8.encode(text))).toMatchObject(body)
  const { users: _, ...without } = body
  const short = encodeResponse(without)
  expect(short).not.toContain('"U"')
  expect(decodeResponse(utf8.encode(short)).users).toBeUndefined()
})

test('a user of a session that is not listed makes it no answer', () => {
  const lines = encodeResponse({ ...body, verdicts: [], deltas: [] })
    .split('\n')
    .slice(0, -2)
  const text = `${lines.join('\n')}\n`.replace('"U":["bob",""]', '"U":["bob","","cleo"]')
  expect(text).toContain('cleo')
  const trailer = { end: 1, lines: lines.length + 1, crc: crc32(utf8.encode(text)), cut: [], hlc: 1 }
  expect(() => decodeResponse(utf8.encode(`${text}${JSON.stringify(trailer)}\n`))).toThrow(
    expect.objectContaining({ code: 'bad_response' }),
  )
})
