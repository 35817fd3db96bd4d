export { createDevice, eventually, type Fault } from './device.ts'
export { serverStorageSuite } from './suites/server-storage-suite.ts'
