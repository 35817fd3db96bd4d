// booking/server.ts
import { defineServer, refuse } from '@holdfast/server'
import { commands, rules, schema } from './app.ts'
import { userOf } from './users.ts'

export const config = defineServer({
  schema,
  rules,
  commands,
  authenticate: (request) => userOf(request), // null answers 401: clients pause, and keep writing
  validate({ changes, read }) {
    for (const { table, after } of changes) {
      if (table !== 'bookings' || !after) continue
      const taken = read.bookings.where({ room: after.room, day: after.day }).read()
      const seats = read.rooms.get(after.room)?.seats ?? 0
      if (taken.reduce((sum, booking) => sum + booking.seats, 0) > seats) throw refuse('room_full', 'Someone was faster.')
    }
  },
})
