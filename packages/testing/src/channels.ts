import type { Gate } from './gate.ts'
import { ready } from './scheduler.ts'

/** What happens to a message between tabs: `deliver` passes it on, now or later, or never. */
export type Mail = (message: { readonly is?: string }, deliver: () => void) => void

interface Port {
  readonly name: string
  readonly gate: Gate
  /** What has come and was not handed over. */
  readonly inbox: (() => void)[]
  onmessage: BroadcastChannel['onmessage']
}

/** The broadcast channels of one device, between its tabs. */
export function createChannels() {
  const ports = new Set<Port>()
  const atOnce: Mail = (_, deliver) => deliver()
  let mail = atOnce

  return {
    /** A tab's end of a channel, for as long as the tab lives. */
    open(name: string, life: AbortSignal, gate: Gate): BroadcastChannel {
      const port: Port & Pick<BroadcastChannel, 'postMessage' | 'close'> = {
        name,
        gate,
        inbox: [],
        onmessage: null,
        postMessage(message: unknown) {
          for (const other of ports) {
            if (other === port || other.name !== name || life.aborted) continue
            const data = structuredClone(message) as { is?: string }
            mail(data, () => {
              other.inbox.push(() => {
                if (ports.has(other)) other.onmessage?.call(other as unknown as BroadcastChannel, { data } as MessageEvent)
              })
              // Whenever its turn comes, in the order in which they came.
              ready(() => other.gate.pass(other.inbox.shift() as () => void))
            })
          }
        },
        close: () => ports.delete(port),
      }
      ports.add(port)
      life.addEventListener('abort', () => ports.delete(port))
      return port as unknown as BroadcastChannel
    },
    /** Puts something between the tabs, or nothing again. */
    between(next: Mail | undefined) {
      mail = next ?? atOnce
    },
  }
}
