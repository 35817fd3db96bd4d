import { Schema as S } from '@triplit/client'

export const schema = S.Collections({
  todos: {
    schema: S.Schema({
      id: S.Id(),
      title: S.String(),
      done: S.Boolean(),
      priority: S.Number(),
      listId: S.String(),
      updatedAt: S.Number(),
      notes: S.String(),
    }),
  },
})

export const SECRET = 'a secret that only the bench has'
export const PROJECT = 'bench'

const encode = (text: string) => btoa(text).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '')

/** What lets its bearer do everything; an app's server would make one of a user. */
export async function token(): Promise<string> {
  const claims = { 'x-triplit-token-type': 'secret', 'x-triplit-project-id': PROJECT, iat: 1_760_000_000 }
  const body = `${encode(JSON.stringify({ alg: 'HS256', typ: 'JWT' }))}.${encode(JSON.stringify(claims))}`
  const bytes = new TextEncoder()
  const key = await crypto.subtle.importKey('raw', bytes.encode(SECRET), { name: 'HMAC', hash: 'SHA-256' }, false, ['sign'])
  const signed = new Uint8Array(await crypto.subtle.sign('HMAC', key, bytes.encode(body)))
  return `${body}.${encode(String.fromCharCode(...signed))}`
}
