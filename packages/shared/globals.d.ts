// The few globals that every runtime has (browsers, Node, workers) and that the language library of TypeScript does not declare.
// Whatever else the shared package needs of the outside world comes in through platform.ts.
declare class TextEncoder {
  encode(input?: string): Uint8Array<ArrayBuffer>
}
declare class TextDecoder {
  constructor(label?: string, options?: { fatal?: boolean })
  decode(input?: Uint8Array): string
}
declare function structuredClone<T>(value: T): T
