// review/main.ts
import { openDatabase } from '@holdfast/client'
import { schema } from './app.ts'
import { reviewWhenAsked } from './review.ts'

const db = await openDatabase({ schema, userId: 'ann', token: () => 'ann', reviewAfter: '1h' })
reviewWhenAsked(db, async (lines) => (confirm(['While you were away you wrote:', ...lines, 'Send it?'].join('\n')) ? 'send' : 'later'))
