import { askForPorts, awaitOpen, connect } from '../running.ts'
import { type NationProcess, startNationProcess } from '../nation-process.ts'
import { nationDirectory } from '../set-up.ts'
import { nationOf } from '../world.ts'
import { type Scene, runningOf } from './scene.ts'
import { PLANTED_VARIABLE, storyPorts } from './ports.ts'

/** Starts a nation's node again in the place of the one that ended. */
export async function startAgain(scene: Scene, nation: string): Promise<NationProcess> {
  const running = runningOf(scene)
  const started = await startNationProcess(nationDirectory(scene.dir, nationOf(scene.world, nation)), { [PLANTED_VARIABLE]: scene.planted })
  running.nations.set(nation, started)
  await reconnect(scene)
  return started
}

/** Stops both nodes in order and starts them on other ports. */
export async function restartWorld(scene: Scene, base: number): Promise<void> {
  const running = runningOf(scene)
  await running.stop()
  for (const [nation, ports] of Object.entries(storyPorts(scene, base))) {
    await askForPorts(nationDirectory(scene.dir, nationOf(scene.world, nation)), ports)
  }
  await Promise.all(scene.world.nations.map(({ nation }) => startAgain(scene, nation)))
  await Promise.all([...running.nations.values()].map(awaitOpen))
}

/** The relays stand where they stood; they ask for the nodes' ports anew. */
async function reconnect(scene: Scene): Promise<void> {
  await connect(scene.dir, scene.world, runningOf(scene).nations, () =>
    Object.fromEntries([...scene.relays].map(([nation, relay]) => [nation, relay.port])),
  )
}
