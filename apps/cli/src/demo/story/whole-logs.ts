import { ask } from '../call.ts'
import { type Scene, actor, until } from './scene.ts'

/** Waits until everything in a nation's logs is cosigned, and says how much that is. */
export async function wholeLogs(scene: Scene, nation: string): Promise<string> {
  const auditor = await actor(scene, nation, scene.world.story.cast.auditors[nation] ?? '')
  return until(`the logs of ${nation} are cosigned`, 60, async () => {
    const answer = await ask(auditor.session, 'GET', '/api/ledger')
    if (answer.status !== 200) return undefined
    const { logs, closed } = JSON.parse(new TextDecoder().decode(answer.bytes)) as {
      logs: readonly { log: string; size: number; cosigned: Readonly<Record<string, number>> }[]
      closed: readonly string[]
    }
    const whole =
      closed.length === 0 && logs.every(({ size, cosigned }) => size === 0 || Object.values(cosigned).some((one) => one === size))
    return whole ? logs.map(({ log, size }) => `${log} ${size}`).join(', ') : undefined
  })
}
