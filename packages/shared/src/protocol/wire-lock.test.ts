import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { canonical, type JsonValue } from '../json.ts'
import { wireFrame } from './frame.ts'
import { wireRequest, wireTransaction } from './request.ts'
import { wireDelta, wireHead, wireRecord, wireTrailer, wireVerdict } from './response.ts'
import { wireChanged, wirePreviewed } from './review.ts'
import { PROTOCOL } from './version.ts'

/** The hash of all wire forms, by version of the protocol. The line of a released version is never edited. */
const LOCKED: Readonly<Record<number, string>> = { 1: '206176669e6d01f1' }

const hashOf = (forms: JsonValue) => createHash('sha256').update(canonical(forms)).digest('hex').slice(0, 16)
const FORMS: { readonly [name: string]: JsonValue } = {
  wireChanged,
  wireDelta,
  wireFrame,
  wireHead,
  wirePreviewed,
  wireRecord,
  wireRequest,
  wireTrailer,
  wireTransaction,
  wireVerdict,
}

test('the forms on the wire are those of their version: who changes them bumps PROTOCOL and says in version.ts what changed', () => {
  const hash = hashOf(FORMS)
  const way = `The forms on the wire are not those of version ${PROTOCOL}. If that version was released: count PROTOCOL up in version.ts, say there what changed, and add the line "${PROTOCOL + 1}: '${hash}'" to LOCKED. If it never was: its line is "${PROTOCOL}: '${hash}'".`
  expect(LOCKED[PROTOCOL], way).toBe(hash)
})

test('every version up to this one has its line, and any change to any form gives another hash', () => {
  expect(Object.keys(LOCKED).map(Number)).toEqual(Array.from({ length: PROTOCOL }, (_, i) => i + 1))
  const hashes = new Set([hashOf(FORMS)])
  for (const [name, form] of Object.entries(FORMS)) {
    const text = canonical(form)
    for (const [i, part] of [...text.matchAll(/"count"|"text"|"any"|"map"|"number"|"flag"/g)].entries()) {
      const changed = `${text.slice(0, part.index)}"changed"${text.slice(part.index + part[0].length)}`
      const hash = hashOf({ ...FORMS, [name]: JSON.parse(changed) as JsonValue })
      expect(hashes, `${name} ${i}`).not.toContain(hash)
      hashes.add(hash)
    }
  }
  expect(hashes.size).toBeGreaterThan(50)
})
