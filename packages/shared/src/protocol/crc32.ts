/**
 * CRC-32 (ISO 3309, polynomial 0xEDB88320): finds a truncated or garbled body. It is no defence against a forger: TLS is. Four bytes at a
 * time, since segments are long.
 */
export function crc32(bytes: Uint8Array): string {
  let crc = -1
  let i = 0
  for (const end = bytes.length - 3; i < end; i += 4) {
    crc ^= (bytes[i] as number) | ((bytes[i + 1] as number) << 8) | ((bytes[i + 2] as number) << 16) | ((bytes[i + 3] as number) << 24)
    crc =
      (TABLES[768 + (crc & 255)] as number) ^
      (TABLES[512 + ((crc >>> 8) & 255)] as number) ^
      (TABLES[256 + ((crc >>> 16) & 255)] as number) ^
      (TABLES[crc >>> 24] as number)
  }
  for (; i < bytes.length; i++) crc = (TABLES[(crc ^ (bytes[i] as number)) & 255] as number) ^ (crc >>> 8)
  return ((crc ^ -1) >>> 0).toString(16).padStart(8, '0')
}

/** What each byte comes to, and what it comes to with one, two and three zeros after it ("slicing by 4", Kounavis and Berry, 2005). */
const TABLES = /* @__PURE__ */ (() => {
  const tables = new Int32Array(1024)
  for (let n = 0; n < 256; n++) {
    let c = n
    for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1
    tables[n] = c
  }
  for (let n = 256; n < 1024; n++) {
    const before = tables[n - 256] as number
    tables[n] = (tables[before & 255] as number) ^ (before >>> 8)
  }
  return tables
})()
