import type { Verdict } from '@holdfast/client'
import { afterEach, describe, expect, test } from 'vitest'
import { commands, rules, schema } from './booking/app.ts'
import { book, type Db } from './booking/main.ts'
import { config } from './booking/server.ts'
import { turns } from './manual-clock.ts'
import { seededRandom } from './random.ts'
import { createWorld, type World, type WorldOptions } from './world.ts'

// The code of docs/permissions.md, word for word.

const HOTEL = 'hotel'
const DAY = '2026-12-24'
let world: World
afterEach(() => world.close())

const app = { schema, rules, commands }

async function openHotel(seats: number, options: WorldOptions = {}) {
  world = createWorld({ server: config, ...options })
  await world.server.setAccess(HOTEL, 'admin', 'write', 'admin')
  const admin = await world.device().tab({ ...app, userId: 'admin' })
  await world.until(() => expect(admin.space(HOTEL).state.read().is).toBe('ready'))
  await admin.space(HOTEL).rooms.insert({ id: 'sea', name: 'Sea view', seats })
  await world.until(() => expect(admin.status.read().state).toBe('synced'))
  return admin
}

async function guest(userId: string) {
  await world.server.grant(HOTEL, userId, 'write')
  const device = world.device()
  const db: Db = await device.tab({ ...app, userId })
  await world.until(() => expect(db.rooms.get('sea')).toBeDefined())
  return { device, db }
}

async function bookings() {
  const { bookings: rows = [] } = (await world.dump(HOTEL)).tables
  return rows as unknown as readonly { id: string; by: string; seats: number }[]
}

describe('an overbooking race of twenty', () => {
  test.each([1, 2, 3])('offline and online, flaky and not: never more seats than there are (seed %d)', async (seed) => {
    const random = seededRandom(seed)
    await openHotel(7, { random: seededRandom(seed) })
    const guests = await Promise.all(Array.from({ length: 20 }, (_, i) => guest(`guest${i}`)))
    const verdicts: Promise<Verdict<unknown>>[] = []
    for (const [i, { device, db }] of guests.entries()) {
      if (i % 2 === 0) device.offline()
      if (i % 5 === 0) {
        device.through(async (request, pass) => {
          const response = await pass(request.clone())
          // Half of the answers never arrive, after the server has decided.
          if (random() < 0.5) throw new TypeError('fetch failed')
          return response
        })
      }
      const call = () => db.run.book({ room: 'sea', day: DAY, seats: 1 + (i % 2) })
      try {
        verdicts.push(call().confirmed())
      } catch (error) {
        // The device knows already that it is full: nothing is queued.
        expect(error).toMatchObject({ code: 'room_full' })
      }
      if (random() < 0.3) await turns(2)
    }
    for (const { device } of guests) device.online()
    await world.clock.advance(20_000)
    for (const { device } of guests) device.through(undefined)
    for (const { db } of guests) await world.until(() => expect(db.status.read()).toMatchObject({ state: 'synced', pending: 0 }))

    const taken = await bookings()
    expect(taken.reduce((sum, { seats }) => sum + seats, 0)).toBeLessThanOrEqual(7)
    expect(taken.reduce((sum, { seats }) => sum + seats, 0)).toBeGreaterThanOrEqual(6)
    const settled = await Promise.all(verdicts)
    const applied = settled.filter((one) => one.status === 'applied')
    expect(applied.map((one) => one.status === 'applied' && one.result).sort()).toEqual(taken.map(({ id }) => id).sort())
    // The losers have a dead letter with the app's own code and message.
    for (const one of settled) {
      if (one.status === 'applied') continue
      expect(one).toMatchObject({ status: 'refused', code: 'room_full', message: expect.stringMatching(/^Sea view has \d seats left\.$/) })
    }
    for (const { db } of guests) {
      for (const letter of db.deadLetters.read())
        expect(letter).toMatchObject({ code: 'room_full', summary: [expect.stringContaining('book')] })
      // Everybody sees what there is, and nothing of what was refused.
      expect(
        db.bookings
          .read()
          .map(({ id }) => id)
          .sort(),
      ).toEqual(taken.map(({ id }) => id).sort())
    }
    const letters = guests.reduce((sum, { db }) => sum + db.deadLetters.read().length, 0)
    expect(letters).toBe(settled.length - applied.length)
    expect(letters).toBeGreaterThan(0)
  })

  test('plain writes past the command, made offline, are held to the same by validate', async () => {
    await openHotel(1)
    const [a, b] = [await guest('ann'), await guest('bob')]
    for (const { device } of [a, b]) device.offline()
    const writes = [a, b].map(({ db }) => db.space(HOTEL).bookings.insert({ room: 'sea', day: DAY, seats: 1, by: db.userId }))
    for (const { device } of [a, b]) device.online()
    for (const { db } of [a, b]) await world.until(() => expect(db.status.read().state).toBe('synced'))
    const verdicts = await Promise.all(writes.map((write) => write.confirmed()))
    expect(verdicts.map(({ status }) => status).sort()).toEqual(['applied', 'refused'])
    expect(verdicts.find(({ status }) => status === 'refused')).toMatchObject({ code: 'room_full', message: 'Someone was faster.' })
    expect(await bookings()).toHaveLength(1)
  })

  test('what the guest is told: booked, waiting, or the app’s own words', async () => {
    await openHotel(1)
    const { db, device } = await guest('ann')
    expect(await book(db, 'sea', DAY)).toMatch(/^Booked: /)
    expect(await book(db, 'sea', DAY)).toBe('Sea view has 0 seats left.')
    device.offline()
    const waiting = book(db, 'sea', '2026-12-25')
    await world.clock.advance(6_000)
    expect(await waiting).toBe('Booked on this device; it goes out as soon as you are online.')
    expect(db.bookings.read()).toHaveLength(2)
    await expect(async () => db.run.book({ room: 'gone', day: DAY, seats: 1 })).rejects.toMatchObject({ code: 'room_gone' })
    await expect(async () => db.run.book({ room: 'sea', day: DAY, seats: -5 })).rejects.toMatchObject({ code: 'invalid_value' })
  })
})

describe('rules', () => {
  test('refuse at the call, answer can(), and are the server’s word against a device that has none', async () => {
    const admin = await openHotel(5)
    const { db } = await guest('ann')
    const hotel = db.space(HOTEL)
    expect(() => hotel.rooms.insert({ name: 'Mine', seats: 1 })).toThrow(expect.objectContaining({ code: 'rule_refused' }))
    expect(() => db.rooms.delete('sea')).toThrow(expect.objectContaining({ code: 'rule_refused' }))
    expect(() => hotel.bookings.insert({ room: 'sea', day: DAY, seats: 1, by: 'bob' })).toThrow(
      expect.objectContaining({ code: 'rule_refused' }),
    )
    expect([db.can('update', 'rooms', 'sea'), hotel.can('delete', 'rooms', 'sea'), hotel.can('insert', 'bookings')]).toEqual([
      false,
      false,
      true,
    ])
    expect([admin.can('update', 'rooms', 'sea'), admin.space(HOTEL).can('insert', 'rooms')]).toEqual([true, true])
    // Nothing of it was queued or shown.
    expect(db.status.read()).toMatchObject({ pending: 0, deadLetters: 0 })

    const ruleless = await world.device().tab({ schema, userId: 'ann' })
    await world.until(() => expect(ruleless.rooms.get('sea')).toBeDefined())
    expect(await ruleless.rooms.update('sea', { seats: 99 }).confirmed({ within: '1m' })).toMatchObject({ code: 'rule_refused' })
    expect(ruleless.rooms.get('sea')?.seats).toBe(5)
  })

  test('a reader may read: his writes are refused at the call, and by the server where his device has not heard yet', async () => {
    await openHotel(5)
    const { db, device } = await guest('ann')
    device.offline()
    await world.server.setAccess(HOTEL, 'ann', 'read')
    const late = db.space(HOTEL).bookings.insert({ room: 'sea', day: DAY, seats: 1, by: 'ann' })
    device.online()
    await world.until(() => expect(db.space(HOTEL).state.read()).toEqual({ is: 'ready', access: 'read', role: null }))
    expect(await late.confirmed({ within: '1m' })).toMatchObject({ status: 'refused', code: 'forbidden' })
    expect(db.space(HOTEL).can('insert', 'bookings')).toBe(false)
    expect(() => db.space(HOTEL).bookings.insert({ room: 'sea', day: DAY, seats: 1, by: 'ann' })).toThrow(
      expect.objectContaining({ code: 'forbidden' }),
    )
    expect(db.rooms.get('sea')).toBeDefined()
  })
})
