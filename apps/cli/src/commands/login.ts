import { enrolDevice, nodeApi } from '@entente/client'
import { type Command, answer, clock } from '../command.ts'
import { type Session, login, loginAs, logout } from '../login/index.ts'
import { addressOf, callOver, deviceGiven } from '../person.ts'
import { EXIT } from '../problem.ts'

const PAGE = { en: 'Signed in. You can close this window.', ja: 'サインインしました。このウィンドウを閉じてください。' } as const

/** `entente login`: signs a person's device in, with a browser or, in an exercise, by choosing the person; enrols it with a code. */
export const command: Command = {
  usage: 'login --as PERSON [--browser] [--enrol CODE] [--out]',
  summary: { en: 'sign in on a device; enrol it with a code', ja: '端末でサインインする。符号で端末を登録する' },
  options: { browser: { type: 'boolean' }, enrol: { type: 'string' }, out: { type: 'boolean' } },
  positionals: [0, 0],
  async run(given) {
    const { nation, device } = await deviceGiven(given)
    const node = addressOf(nation)
    if (given.on('out')) {
      await logout({ deviceDir: device.folder, node })
      answer(given, { person: device.person, signedIn: false }, [device.person])
      return EXIT.done
    }
    const options = { node, deviceDir: device.folder }
    const session: Session = given.on('browser')
      ? await login({ ...options, page: PAGE[given.options.lang], show: (address) => given.io.stderr.write(`${address.href}\n`) })
      : await loginAs({ ...options, person: device.person })
    const code = given.text('enrol')
    const enrolled: string[] = []
    if (code !== undefined) {
      const api = nodeApi(callOver(session))
      for (const originator of Object.keys(device.anchors.authorities).sort()) {
        const holder = await device.holder(originator)
        await enrolDevice({ api, now: clock }, { realm: device.anchors.realm, person: session.person, code, originator, holder })
        enrolled.push(originator)
      }
    }
    answer(given, { person: session.person, node, signedIn: true, enrolled }, [`${session.person}  ${node}`, ...enrolled])
    return EXIT.done
  },
}
