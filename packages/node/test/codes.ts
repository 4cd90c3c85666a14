import { codeOf } from '@entente/canonical'

/** The code with which something ends; `done` where it ends well, `refused` where an answer came and refuses. */
export async function endOf(task: Promise<unknown>): Promise<string> {
  try {
    return (await task) === undefined ? 'refused' : 'done'
  } catch (error) {
    return codeOf(error)
  }
}
