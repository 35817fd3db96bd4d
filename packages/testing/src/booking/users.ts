// booking/users.ts
/** Yours: from a cookie or a token to a user, or null. */
export function userOf(request: Request): { id: string } | null {
  const token = /^Bearer (\w+)$/.exec(request.headers.get('authorization') ?? '')?.[1]
  return token ? { id: token } : null
}
