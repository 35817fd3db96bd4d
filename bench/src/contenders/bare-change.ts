import type { Server } from 'node:http'

/** Hands over the body of each `POST /change`, and answers it. */
export function onChange(server: Server, take: (body: string) => void): void {
  server.on('request', (request, response) => {
    if (request.url !== '/change') return
    let body = ''
    request.on('data', (chunk) => {
      body += chunk
    })
    request.on('end', () => {
      take(body)
      response.writeHead(204).end()
    })
  })
}
