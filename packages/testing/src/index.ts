export { createDevice, eventually, type Fault } from './device.ts'
export { type Failure, type Report, type SimulateOptions, simulate } from './simulate.ts'
export { serverStorageSuite } from './suites/server-storage-suite.ts'
