// booking/main.ts
import { type Database, openDatabase } from '@holdfast/client'
import { isHoldfastError } from '@holdfast/shared'
import { commands, rules, schema } from './app.ts'

export type Db = Database<typeof schema, typeof commands>

export const open = (userId: string): Promise<Db> => openDatabase({ schema, rules, commands, userId, token: () => userId })

/** Books, online or not. Says what became of it as far as one knows now. */
export async function book(db: Db, room: string, day: string): Promise<string> {
  try {
    const booking = db.run.book({ room, day, seats: 1 })
    const verdict = await booking.confirmed({ within: '5s' })
    if (verdict.status === 'applied') return `Booked: ${verdict.result}`
    return verdict.status === 'pending' ? 'Booked on this device; it goes out as soon as you are online.' : `Refused: ${verdict.message}`
  } catch (error) {
    // The prediction refused: nothing was written.
    if (isHoldfastError(error, 'room_full')) return error.message
    throw error
  }
}
