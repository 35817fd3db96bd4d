// booking/app.ts
import { defineSchema, number, ref, refuse, string, table, type Who } from '@holdfast/shared'
import * as v from 'valibot'

const some = v.pipe(v.number(), v.integer(), v.minValue(1)) // or a booking of -5 seats would make room

export const schema = defineSchema({
  version: 1,
  tables: {
    rooms: table({ name: string(), seats: number().check(some) }),
    bookings: table({ room: ref('rooms'), day: string(), seats: number().check(some), by: string() }).index('room', 'day'),
  },
})

const admin = ({ role }: Who) => role === 'owner' || role === 'admin'

export const rules = schema.rules({
  rooms: { insert: admin, update: admin, delete: admin },
  bookings: {
    insert: ({ after, userId }) => after.by === userId,
    update: ({ before, changed, userId }) => before.by === userId && !changed.includes('by'),
    delete: (change) => change.before.by === change.userId || admin(change),
  },
})

export const commands = {
  // Runs on the device as a prediction, on the server as the truth.
  book: schema.command({
    args: v.object({ room: v.string(), day: v.string(), seats: some }),
    run(tx, { room, day, seats }) {
      const place = tx.rooms.get(room)
      if (!place) throw refuse('room_gone', 'That room no longer exists.')
      let free = place.seats
      for (const booking of tx.bookings.where({ room, day })) free -= booking.seats
      if (seats > free) throw refuse('room_full', `${place.name} has ${free} seats left.`)
      return tx.space(place.$space).bookings.insert({ room, day, seats, by: tx.userId })
    },
  }),
}
