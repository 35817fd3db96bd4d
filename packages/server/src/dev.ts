import type { Authenticate } from './server-options.ts'

/**
 * Believes whatever user id the request's bearer token says: for development and tests only. An empty token is nobody.
 *
 * @example createSyncServer({ schema, storage, authenticate: unsafeTrustToken })
 */
export const unsafeTrustToken: Authenticate = (request) => {
  const id = /^Bearer (.+)$/i.exec(request.headers.get('authorization') ?? '')?.[1]?.trim()
  return id ? { id } : null
}
