// sharing/adopt.ts
import { openDatabase } from '@holdfast/client'
import { adopt } from '@holdfast/client/adopt'
import { exportUnsent } from '@holdfast/client/export'
import { app } from './app.ts'

export const openAnonymous = () => openDatabase({ ...app, userId: 'anonymous', token: () => null }) // local only: nobody is signed in

/** What was written before the first sign-in becomes this user's, all or nothing; to be called again after a crash, by the same user. */
export async function signIn(userId: string, token: () => string) {
  const anonymous = await openAnonymous()
  const db = await openDatabase({ ...app, userId, token })
  await adopt(anonymous, { into: db })
  return db
}

/** Signing out for good: tries to send what is unsent, and deletes nothing while something is. */
export async function signOut(db: Awaited<ReturnType<typeof signIn>>, save: (file: string) => void): Promise<void> {
  try {
    await db.erase({ unsent: 'drain', within: '10s' })
  } catch {
    save(JSON.stringify(exportUnsent(db)))
    // Or db.close(): it stays on this device, and goes on when this user signs in again.
    await db.erase({ unsent: 'discard' })
  }
}
