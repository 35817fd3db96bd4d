import type { CDPSession, Page } from 'playwright'
import type { Facts } from '../contenders.ts'
import type { Lab } from '../lab.ts'
import { atMost, type Row } from '../row.ts'
import { median } from '../spread.ts'
import { connectTwo, type Size } from '../two-devices.ts'

const RECORDS = 1_000
const UPDATES = 10

export const bytes: Row = {
  key: 'l',
  title: 'bytes of body for a one-field update: up, and down to another client',
  unit: 'B',
  better: 'less',
  targets: [atMost('up', 250), atMost('down', 200)],
  runs: 1,
  run: (lab, contender) => bytesAt(lab, contender, { records: RECORDS }),
}

/** The same with so much on both devices and the server. */
export async function bytesAt(lab: Lab, contender: Facts, size: Size): Promise<{ up: number; down: number; 'back to the writer': number }> {
  const { a, b, tell } = await connectTwo(lab, contender, size)
  const meters = [await meter(a), await meter(b)] as const
  const up: number[] = []
  const answer: number[] = []
  const down: number[] = []
  for (let i = 0; i < UPDATES; i++) {
    for (const { reset } of meters) reset()
    await tell(i)
    // For what comes back to the writer, and whatever else there is.
    await b.waitForTimeout(300)
    up.push(meters[0].up)
    answer.push(meters[0].down)
    down.push(meters[1].down)
  }
  return { up: median(up), down: median(down), 'back to the writer': median(answer) }
}

interface Meter {
  readonly up: number
  readonly down: number
  reset(): void
}

interface Requested {
  readonly request: { readonly postData?: string; readonly hasPostData?: boolean }
}
interface Framed {
  readonly response: { readonly opcode: number; readonly payloadData: string }
}

/** Counts the bytes of bodies and of WebSocket messages, not of headers; what is compressed on the way, compressed. */
async function meter(page: Page): Promise<Meter> {
  const cdp: CDPSession = await page.context().newCDPSession(page)
  await cdp.send('Network.enable', { maxPostDataSize: 1_000_000 })
  const at = { up: 0, down: 0, reset: () => Object.assign(at, { up: 0, down: 0 }) }
  const size = ({ response: { opcode, payloadData } }: Framed) =>
    opcode === 2 ? Buffer.from(payloadData, 'base64').length : Buffer.byteLength(payloadData)
  cdp.on('Network.requestWillBeSent', ({ request }: Requested) => {
    at.up += Buffer.byteLength(request.postData ?? '')
  })
  cdp.on('Network.dataReceived', ({ dataLength, encodedDataLength }: { dataLength: number; encodedDataLength: number }) => {
    at.down += encodedDataLength > 0 ? Math.min(dataLength, encodedDataLength) : dataLength
  })
  cdp.on('Network.webSocketFrameSent', (frame: Framed) => {
    at.up += size(frame)
  })
  cdp.on('Network.webSocketFrameReceived', (frame: Framed) => {
    at.down += size(frame)
  })
  return at
}
