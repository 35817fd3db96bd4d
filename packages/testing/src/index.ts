export { createDevice, eventually, type Fault } from './device.ts'
export { type Client, createWorld, type ScriptedWorld, type ScriptOptions, type Span } from './scripted-world.ts'
export { type Failure, type Report, type SimulateOptions, simulate } from './simulate.ts'
export { serverStorageSuite } from './suites/server-storage-suite.ts'
