import { type ReactNode, useState } from 'react'
import { Button, Dialog, Heading, Modal, ModalOverlay } from 'react-aria-components'
import { type KeyAct, setSingleLetters, singleLetters, useKeyActs } from '../keys/keys.ts'
import { useWords } from './language.tsx'

/** The keys of this screen and of every screen, and the switch that turns single letters off. */
export function KeysHelp({ open, close }: { readonly open: boolean; readonly close: () => void }): ReactNode {
  const { say } = useWords()
  const acts = useKeyActs()
  const [single, setSingle] = useState(singleLetters)
  return (
    <ModalOverlay isOpen={open} onOpenChange={(now) => (now ? undefined : close())} isDismissable className="overlay">
      <Modal className="dialog">
        <Dialog className="dialog-inside">
          <Heading slot="title">{say('frame/keys')}</Heading>
          <h3>{say('frame/keys-here')}</h3>
          <KeyList acts={acts.filter(({ everywhere }) => everywhere !== true)} />
          <h3>{say('frame/keys-everywhere')}</h3>
          <KeyList acts={acts.filter(({ everywhere }) => everywhere === true)} />
          <p>{say('frame/keys-note')}</p>
          <label className="switch">
            <input
              type="checkbox"
              checked={single}
              onChange={(event) => {
                setSingleLetters(event.target.checked)
                setSingle(event.target.checked)
              }}
            />
            {say('frame/keys-single')}: {say(single ? 'frame/on' : 'frame/off')}
          </label>
          <Button className="button button-first" onPress={close}>
            {say('frame/close')}
          </Button>
        </Dialog>
      </Modal>
    </ModalOverlay>
  )
}

function KeyList({ acts }: { readonly acts: readonly KeyAct[] }): ReactNode {
  const { say } = useWords()
  return (
    <dl className="key-list">
      {acts.map((act) => (
        <div key={act.keys}>
          <dt>
            <kbd>{act.keys}</kbd>
          </dt>
          <dd>{say(act.says)}</dd>
        </div>
      ))}
    </dl>
  )
}
