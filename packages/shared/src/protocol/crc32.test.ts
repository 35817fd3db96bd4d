import { crc32 as zipped } from 'node:zlib'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { crc32 } from './crc32.ts'

test('it is the CRC-32 that everybody knows, of any length', () => {
  expect(crc32(new TextEncoder().encode('123456789'))).toBe('cbf43926')
  expect(crc32(new Uint8Array())).toBe('00000000')
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 70 }), (bytes) => {
      expect(crc32(bytes)).toBe(zipped(bytes).toString(16).padStart(8, '0'))
    }),
  )
})
