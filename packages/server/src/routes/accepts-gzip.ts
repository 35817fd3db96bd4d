/** Whether who asks takes gzip: it is named, or `*`, and not with `q=0`. */
export function acceptsGzip(request: Request): boolean {
  const asked = (request.headers.get('accept-encoding') ?? '').split(',').map((one) => one.trim().toLowerCase())
  const said = asked.find((one) => /^(gzip|x-gzip)\s*(;|$)/.test(one)) ?? asked.find((one) => /^\*\s*(;|$)/.test(one))
  return said !== undefined && !/;\s*q=0(\.0*)?$/.test(said)
}
