import { createStore, get, keys, set } from 'idb-keyval'
import type { Device } from './parcel.ts'

const store = createStore('entente', 'devices')

/** The device that this browser keeps for a person, if any. */
export async function deviceOf(person: string): Promise<Device | undefined> {
  return get<Device>(person, store)
}

/** Keeps a device; one that is kept already gives way, but what it has seen stays seen. */
export async function putDevice(device: Device): Promise<void> {
  const before = await deviceOf(device.person)
  await set(device.person, { ...device, seen: { ...before?.seen, ...device.seen } }, store)
}

/** Persons whose devices this browser keeps. */
export async function keptPersons(): Promise<readonly string[]> {
  return keys<string>(store)
}
