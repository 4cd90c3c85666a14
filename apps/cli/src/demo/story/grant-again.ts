import { personOf, nationOf } from '../world.ts'
import { enrolPerson, openDesk } from '../clearances.ts'
import { addressOf } from '../running.ts'
import { type Actor, type Scene, recipients, runningOf } from './scene.ts'

/** The recipient's office grants the first reader what it withdrew before, and the person enrols the device anew. */
export async function grantAgain(scene: Scene): Promise<Actor> {
  const { world, now } = scene
  const { recipient, cast } = world.story
  const nation = nationOf(world, recipient)
  const address = addressOf(runningOf(scene).nations, recipient)
  const desk = await openDesk(scene.dir, world, nation, address)
  await enrolPerson(scene.dir, world, nation, desk, personOf(nation, cast.firstReader), now)
  return recipients(scene, 'firstReader')
}
